package ristretto.tools.map;

import java.util.List;

/** Things of one kind, in the order of their addresses. */
record Section(String title, List<Row> rows) {}
