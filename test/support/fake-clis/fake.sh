# What the fake CLIs share. Each behaves as the real one of its name: it knows the real one's flags and no others, takes its
# prompt where that takes it, and prints what that prints. FAKE_PLAYS says how it fares ("done" unless set); the prompt it got
# goes to the file FAKE_PROMPT, its arguments to FAKE_ARGUMENTS, one a line.
plays=${FAKE_PLAYS:-done}
[ -z "${FAKE_ARGUMENTS:-}" ] || printf '%s\n' "$@" >"$FAKE_ARGUMENTS"

# Remembers a prompt given as an argument, or all of standard input.
take_prompt() {
  prompt=$(if [ $# -gt 0 ]; then printf '%s.' "$1"; else cat && printf .; fi)
  prompt=${prompt%.}
  [ -z "${FAKE_PROMPT:-}" ] || printf '%s' "$prompt" >"$FAKE_PROMPT"
}

# refuse STATUS MESSAGE: what the real one says of a command line it does not understand.
refuse() {
  printf '%s\n' "$2" >&2
  exit "$1"
}

# Died of a signal, as a program with a fault does.
crash() { kill -SEGV $$; }
