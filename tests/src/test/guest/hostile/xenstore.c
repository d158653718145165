/* 21: the ring to xenstored spoilt. 22: more of everything than is fair. 23: what is others'. */
#include "hostile.h"

#define STORE_PFN 1
#define STORE_EVTCHN 2
#define RING 1024
#define PATIENCE_SECONDS 120 /* xenstored may have to wait for the host, too */
#define MOST 6000

/* io/xs_wire.h */
enum { DIRECTORY = 1, READ, GET_PERMS, WATCH, UNWATCH, TRANSACTION_START, TRANSACTION_END, INTRODUCE, RELEASE,
       GET_DOMAIN_PATH, WRITE, MKDIR, RM, SET_PERMS, WATCH_EVENT, ERROR };

struct ring {
  char request[RING], reply[RING];
  volatile uint32_t request_cons, request_prod, reply_cons, reply_prod;
};
struct header { uint32_t type, request, transaction, length; };

static struct ring *ring;
static struct { uint32_t port; } channel;
static char answer[8192];
static uint64_t slowest; /* answer, in ticks */

static void ask_to_look(void) { xen(EVENT_CHANNEL_OP, 4, (uint64_t)&channel, 0, 0, 0); }

/* Waits for xenstored to move on; 0 when it does not. */
static int moves(volatile uint32_t *index, uint32_t from)
{
  uint64_t end = now() + PATIENCE_SECONDS * read_register(CNTFRQ_EL0);
  if (*index == from) {
    ask_to_look();
  }
  while (*index == from) {
    if (now() > end) {
      return 0;
    }
    yield();
  }
  return 1;
}

static int put_bytes(const void *bytes, uint32_t length)
{
  const char *from = bytes;
  for (uint32_t i = 0; i < length; i++) {
    if (!moves(&ring->request_cons, ring->request_prod - RING)) {
      return 0;
    }
    ring->request[ring->request_prod % RING] = from[i];
    dsb();
    ring->request_prod++;
  }
  ask_to_look();
  return 1;
}

static int get_bytes(void *bytes, uint32_t length)
{
  char *to = bytes;
  for (uint32_t i = 0; i < length; i++) {
    if (!moves(&ring->reply_prod, ring->reply_cons)) {
      return 0;
    }
    to[i] = ring->reply[ring->reply_cons % RING];
    dsb();
    ring->reply_cons++;
  }
  ask_to_look();
  return 1;
}

/* The answer's type; -1 when none comes. Events of watches are passed over. */
static int ask(uint32_t type, uint32_t transaction, const void *payload, uint32_t length)
{
  struct header header = {type, 7, transaction, length};
  uint64_t start = now();
  if (!put_bytes(&header, sizeof header) || !put_bytes(payload, length)) {
    return -1;
  }
  for (;;) {
    if (!get_bytes(&header, sizeof header) || header.length > sizeof answer - 1 || !get_bytes(answer, header.length)) {
      return -1;
    }
    answer[header.length] = 0;
    if (header.type != WATCH_EVENT) {
      uint64_t time = now() - start;
      slowest = time > slowest ? time : slowest;
      return (int)header.type;
    }
  }
}

static uint32_t length_of(const char *text)
{
  uint32_t length = 0;
  while (text[length]) {
    length++;
  }
  return length;
}

static int ask_text(uint32_t type, const char *path) { return ask(type, 0, path, length_of(path) + 1); }

static void open_store(void)
{
  ring = (struct ring *)(hvm_param(STORE_PFN) << 12);
  channel.port = (uint32_t)hvm_param(STORE_EVTCHN);
  expect("who we are", (uint64_t)ask_text(READ, "domid"), READ);
}

static char *number(char *at, uint32_t value)
{
  char digits[10];
  int count = 0;
  do {
    digits[count++] = (char)('0' + value % 10);
  } while (value /= 10);
  while (count) {
    *at++ = digits[--count];
  }
  *at = 0;
  return at;
}

static char *text(char *at, const char *from)
{
  while (*from) {
    *at++ = *from++;
  }
  *at = 0;
  return at;
}

/* What is done last, as the connection does not survive it: seed chooses. */
static void spoil(uint64_t way)
{
  struct header header = {READ, 1, 0, 5};
  switch (way % 6) {
  case 0: ring->request_prod += 1u << 31; break;
  case 1: header.length = 4097; put_bytes(&header, sizeof header); break;
  case 2: header.type = 255; put_bytes(&header, sizeof header); put_bytes("abcd", 5); break;
  case 3: put_bytes(&header, 7); break;
  case 4: ring->reply_cons += 1u << 31; break;
  default: /* asks and never listens */
    for (int i = 0; i < 200; i++) {
      header.type = DIRECTORY;
      header.length = 2;
      for (uint32_t b = 0; b < sizeof header + 2 && ring->request_prod - ring->request_cons < RING; b++) {
        ring->request[ring->request_prod++ % RING] = b < sizeof header ? ((char *)&header)[b] : "/"[b - sizeof header];
      }
      ask_to_look();
      yield();
    }
  }
  ask_to_look();
  for (int i = 0; i < 100; i++) {
    yield();
  }
}

void bad_store_ring(void)
{
  open_store();
  expect("a transaction of another", (uint64_t)ask(READ, 12345, "name", 5), ERROR);
  expect("an end of another's transaction", (uint64_t)ask(TRANSACTION_END, 54321, "T", 2), ERROR);
  expect("an operation of no name", (uint64_t)ask_text(100, "name"), ERROR);
  expect("no path", (uint64_t)ask(READ, 0, "", 0), ERROR);
  expect("a path without an end", (uint64_t)ask(READ, 0, "name", 4), ERROR);
  spoil(argument("seed", 1));
}

void bad_store_load(void)
{
  static char path[2048];
  uint32_t count;
  open_store();
  for (count = 0; count < MOST; count++) {
    char *end = number(text(path, "data/n"), count);
    if (ask(WRITE, 0, path, (uint32_t)(end - path) + 2) == ERROR) {
      break;
    }
  }
  expect("nodes come to an end", count < MOST, 1);
  note("nodes", count);
  for (count = 0; count < MOST; count++) {
    char *end = number(text(path, "data/w"), count);
    text(end + 1, "t");
    if (ask(WATCH, 0, path, (uint32_t)(end - path) + 3) == ERROR) {
      break;
    }
  }
  expect("watches come to an end", count < MOST, 1);
  note("watches", count);
  for (count = 0; count < MOST; count++) {
    if (ask(TRANSACTION_START, 0, "", 1) == ERROR) {
      break;
    }
  }
  expect("transactions come to an end", count < MOST, 1);
  note("transactions", count);
  for (uint32_t length = 1020; length < 1040; length++) {
    for (uint32_t i = 0; i < length; i++) {
      path[i] = i % 2 ? '/' : 'a';
    }
    path[0] = '/';
    path[1] = 'a';
    path[length] = 0;
    quietly("a long path", length, (uint64_t)ask(WRITE, 0, path, length + 2), ERROR);
  }
  note("the slowest answer, in ms", slowest * 1000 / read_register(CNTFRQ_EL0));
}

void bad_store_rights(void)
{
  static char path[256];
  open_store();
  static const uint32_t reads[] = {DIRECTORY, READ, GET_PERMS};
  for (uint32_t peer = 1; peer < 64; peer++) {
    int ours = (uint32_t)argument("peer", 0) != peer;
    for (uint32_t r = 0; r < ENTRIES(reads) && !ours; r++) {
      text(number(text(path, "/local/domain/"), peer), r == 0 ? "/console" : "/name");
      expect("a neighbour's node", (uint64_t)ask_text(reads[r], path), ERROR);
    }
    if (!ours) {
      char *end = text(number(text(path, "/local/domain/"), peer), "/data/x");
      expect("a neighbour's node written", (uint64_t)ask(WRITE, 0, path, (uint32_t)(end - path) + 2), ERROR);
    }
  }
  expect("Dom0's node written", (uint64_t)ask(WRITE, 0, "/local/domain/0/x\0y", 19), ERROR);
  expect("the root written", (uint64_t)ask(WRITE, 0, "/x\0y", 4), ERROR);
  expect("another's tree removed", (uint64_t)ask_text(RM, "/local/domain/0"), ERROR);
  expect("the own console's node", (uint64_t)ask(WRITE, 0, "console/ring-ref\0001", 18), ERROR);
  expect("the own console's limit", (uint64_t)ask(WRITE, 0, "console/limit\0001", 15), ERROR);
  expect("the tools' tree", (uint64_t)ask(WRITE, 0, "/libxl/x\0y", 10), ERROR);
  expect("a domain introduced", (uint64_t)ask(INTRODUCE, 0, "1\0001\0001", 6), ERROR);
  expect("a domain released", (uint64_t)ask_text(RELEASE, "0"), ERROR);
  expect("rights of the own home", (uint64_t)ask(SET_PERMS, 0, "/local/domain/0\0b1", 19), ERROR);
}
