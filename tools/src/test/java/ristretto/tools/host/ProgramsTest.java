package ristretto.tools.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
  @Test
  void theFirstFolderThatHasAnExecutableFileWins(@TempDir Path base) throws Exception {
    Path user = Files.createDirectory(base.resolve("bin"));
    Path system = Files.createDirectory(base.resolve("sbin"));
    Path plain = Files.createFile(user.resolve("depmod"));
    Path program = Files.createFile(system.resolve("depmod"));
    assertTrue(program.toFile().setExecutable(true));
    assertEquals(Optional.of(program), Programs.find("depmod", List.of(user, system)));
    assertTrue(plain.toFile().setExecutable(true));
    assertEquals(Optional.of(plain), Programs.find("depmod", List.of(user, system)));
    assertEquals(Optional.empty(), Programs.find("mke2fs", List.of(user, system)));
  }

  @Test
  void aUsersPathIsKeptAndGetsTheAdministratorsFolders() {
    String path = Programs.searchPath("/home/me/bin:/usr/bin");
    assertTrue(path.startsWith("/home/me/bin:/usr/bin:"), path);
    assertTrue((path + ":").contains(":/usr/sbin:"), path);
    assertEquals(path, Programs.searchPath(path), "nothing twice");
  }

  @Test
  void aProgramInSbinStartsWhateverPathSays() {
    Command.Result result = Command.of("depmod", "--version").with("PATH", "/nowhere").attempt();
    assertTrue(result.succeeded(), result.output());
  }
}
