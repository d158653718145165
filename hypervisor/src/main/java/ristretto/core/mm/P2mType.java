package ristretto.core.mm;

/** What a stage 2 entry maps. (The owner, sibling "mm", replaces this outline.) */
public enum P2mType {
  RAM_RW,
  RAM_RO,
  DEVICE,
  GRANT_RW,
  GRANT_RO,
  FOREIGN
}
