"""Other systems' files: one module a format, each with NAME, TITLE, ENDS and `parse(files) -> Import`."""
