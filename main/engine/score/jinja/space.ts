/** What Python counts as white space (`str.isspace`), as a class for regular expressions; JavaScript's `\s` differs by six. */
export const SPACE_CLASS = '[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'

/** The characters at which Python's `str.splitlines` ends a line, as a class for regular expressions. */
export const LINE_END_CLASS = '[\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]'
