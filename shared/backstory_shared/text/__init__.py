"""Pure text functions: sentences, boilerplate, ranking, highlights, languages, copies."""
