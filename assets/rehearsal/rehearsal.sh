#!/bin/sh
# The rehearsal agent: behaves like an AI coding agent, needs no account, no network and nothing but a POSIX shell.
#
# It reads a prompt from standard input, works for a while, streams events as `claude -p --output-format stream-json` does,
# and writes every file the prompt asks for with a line `Save to: <path>` or `Write: <path>` (relative to the folder it runs in).
# Tokens and cost are pretended: nothing is bought.
#
# It is told how to behave by lines `REHEARSAL: KEY=VALUE …` anywhere in the prompt, or by the environment variables
# REHEARSAL_<KEY>; the prompt wins. A key without a value means 1.
#   DURATION=s            seconds of work in all, fractions allowed (1)
#   STEPS=n               steps that work is shown in (3)
#   TOKENS=n              output tokens to report (40 for each step)
#   FAIL_FIRST=n          the first n attempts at a sheet fail, after their work, without files
#   RATE_LIMIT_FIRST=n    the first n attempts run into a usage limit; asked before FAIL_FIRST
#   RATE_LIMIT_SECONDS=n  … which resets after n seconds (5)
#   AUTH                  refuses for want of a login
#   PARTIAL               writes only the heading of the first file, and calls that a success
#   PARTIAL_FIRST=n       the first n attempts at a sheet are PARTIAL
#   GARBAGE_JSON          ends with broken JSON instead of a result, and exit status 0
#   SPAM=bytes            prints that much noise after the first step; the last line of it is cut off
#   SLOW=s                stays silent for s more seconds before each step (SLOW alone: 5)
#   HANG                  never ends after the first step
#   IGNORE_TERM           ignores SIGTERM, and so does everything it starts
#   SPAWN_CHILD           leaves a grandchild behind that lives for an hour
# Attempt and sheet number come from FERMATA_ATTEMPT_NUMBER and FERMATA_SHEET.

set -uf
# Bytes are bytes and a decimal point is a point, wherever this runs.
LC_ALL=C
export LC_ALL

duration=${REHEARSAL_DURATION:-1}
steps=${REHEARSAL_STEPS:-3}
tokens=${REHEARSAL_TOKENS:-}
fail_first=${REHEARSAL_FAIL_FIRST:-0}
rate_limit_first=${REHEARSAL_RATE_LIMIT_FIRST:-0}
rate_limit_seconds=${REHEARSAL_RATE_LIMIT_SECONDS:-5}
auth=${REHEARSAL_AUTH:-0}
partial=${REHEARSAL_PARTIAL:-0}
partial_first=${REHEARSAL_PARTIAL_FIRST:-0}
garbage_json=${REHEARSAL_GARBAGE_JSON:-0}
spam=${REHEARSAL_SPAM:-0}
slow=${REHEARSAL_SLOW:-0}
hang=${REHEARSAL_HANG:-0}
ignore_term=${REHEARSAL_IGNORE_TERM:-0}
spawn_child=${REHEARSAL_SPAWN_CHILD:-0}
attempt=${FERMATA_ATTEMPT_NUMBER:-1}
sheet=${FERMATA_SHEET:-1}

# A misspelt directive must not pass for a good rehearsal.
refuse() {
  printf 'rehearsal: %s\n' "$1" >&2
  exit 64
}

prompt=$(cat)

for directive in $(printf '%s\n' "$prompt" | sed -n 's/^[[:space:]]*REHEARSAL:\(.*\)$/\1/p'); do
  key=${directive%%=*}
  case $directive in
    SLOW) value=5 ;;
    *=*) value=${directive#*=} ;;
    *) value=1 ;;
  esac
  case $key in
    DURATION) duration=$value ;;
    STEPS) steps=$value ;;
    TOKENS) tokens=$value ;;
    FAIL_FIRST) fail_first=$value ;;
    RATE_LIMIT_FIRST) rate_limit_first=$value ;;
    RATE_LIMIT_SECONDS) rate_limit_seconds=$value ;;
    AUTH) auth=$value ;;
    PARTIAL) partial=$value ;;
    PARTIAL_FIRST) partial_first=$value ;;
    GARBAGE_JSON) garbage_json=$value ;;
    SPAM) spam=$value ;;
    SLOW) slow=$value ;;
    HANG) hang=$value ;;
    IGNORE_TERM) ignore_term=$value ;;
    SPAWN_CHILD) spawn_child=$value ;;
    *) refuse "unknown directive \"$key\"" ;;
  esac
done

for number in "$duration" "$slow"; do
  case $number in
    '' | . | *[!0-9.]* | *.*.*) refuse "\"$number\" is not a number of seconds" ;;
  esac
done
for number in "$steps" "${tokens:-0}" "$fail_first" "$rate_limit_first" "$rate_limit_seconds" "$auth" "$partial" "$partial_first" \
  "$garbage_json" "$spam" "$hang" "$ignore_term" "$spawn_child" "$attempt" "$sheet"; do
  case $number in
    '' | *[!0-9]*) refuse "\"$number\" is not a whole number" ;;
  esac
done
[ "$attempt" -gt "$partial_first" ] || partial=1

[ "$steps" -ge 1 ] || refuse 'STEPS must be at least 1'

# An ignored signal stays ignored in every program started from here on.
[ "$ignore_term" -eq 0 ] || trap '' TERM

# Fermata's preamble, the first paragraph, is not the task.
task=$(printf '%s\n' "$prompt" |
  sed -e '/^You play sheet [0-9]/,/^[[:space:]]*$/d' -e '/^[[:space:]]*REHEARSAL:/d' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*$//' |
  head -n 1)
files=$(printf '%s\n' "$prompt" |
  sed -n -e 's/^[[:space:]*-]*Save to:[[:space:]]*//p' -e 's/^[[:space:]*-]*Write:[[:space:]]*//p' |
  sed -e 's/[[:space:]]*$//' -e 's/^\([`"'\'']\)\(.*\)\1$/\2/')

input_tokens=$((${#prompt} / 4 + 1))
output_tokens=${tokens:-$((steps * 40))}
cache_write_tokens=$((input_tokens * 2))
cache_read_tokens=$((input_tokens * 8 * steps))
cost=$(awk -v i="$input_tokens" -v o="$output_tokens" -v w="$cache_write_tokens" -v r="$cache_read_tokens" \
  'BEGIN { printf "%.6f", (i * 3 + o * 15 + w * 3.75 + r * 0.3) / 1000000 }')
pause=$(awk -v d="$duration" -v n="$steps" 'BEGIN { printf "%.3f", d / n }')
session="rehearsal-$$"

# One line of text as a JSON string without its quotes. Bytes beyond ASCII pass through: the stream is UTF-8 as the prompt is.
json() {
  printf '%s\n' "$1" | awk '
    BEGIN {
      for (i = 1; i < 32; i++) escaped[sprintf("%c", i)] = sprintf("%cu%04x", 92, i)
      escaped[sprintf("%c", 34)] = sprintf("%c%c", 92, 34)
      escaped[sprintf("%c", 92)] = sprintf("%c%c", 92, 92)
    }
    {
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        printf "%s", (c in escaped) ? escaped[c] : c
      }
    }'
}

# say <message id> <content block as JSON>: like Claude, the tokens of a running message are mere placeholders.
say() {
  printf '{"type":"assistant","message":{"id":"%s","type":"message","role":"assistant","model":"rehearsal","content":[%s],' "$1" "$2"
  printf '"usage":{"input_tokens":3,"output_tokens":1,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}},'
  printf '"session_id":"%s"}\n' "$session"
}

# finish <exit status> <is_error> <subtype> <text>
finish() {
  printf '{"type":"result","subtype":"%s","is_error":%s,"result":"%s","session_id":"%s",' "$3" "$2" "$(json "$4")" "$session"
  printf '"num_turns":%s,"duration_ms":%s,"total_cost_usd":%s,' "$steps" "$(awk -v d="$duration" 'BEGIN { printf "%d", d * 1000 }')" "$cost"
  printf '"usage":{"input_tokens":%s,"output_tokens":%s,' "$input_tokens" "$output_tokens"
  printf '"cache_creation_input_tokens":%s,"cache_read_input_tokens":%s}}\n' "$cache_write_tokens" "$cache_read_tokens"
  exit "$1"
}

printf '{"type":"system","subtype":"init","session_id":"%s","model":"rehearsal","cwd":"%s"}\n' "$session" "$(json "$PWD")"

if [ "$auth" -ne 0 ]; then
  finish 1 true success 'Invalid API key · Please run /login'
fi

if [ "$attempt" -le "$rate_limit_first" ]; then
  # The next full second, or the limit would end up to a second early.
  reset=$(($(date +%s) + 1 + rate_limit_seconds))
  printf '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":%s,"rateLimitType":"five_hour"},' "$reset"
  printf '"session_id":"%s"}\n' "$session"
  finish 1 true success "Claude AI usage limit reached|$reset"
fi

if [ "$spawn_child" -ne 0 ]; then
  (sleep 3600 &)
fi

step=1
while [ "$step" -le "$steps" ]; do
  [ "$slow" = 0 ] || sleep "$slow"
  # One line per content block: both lines carry the same message id, as Claude's do.
  message="msg_${session}_$step"
  say "$message" "{\"type\":\"text\",\"text\":\"Step $step of $steps: $(json "$task")\"}"
  say "$message" "{\"type\":\"tool_use\",\"id\":\"toolu_$step\",\"name\":\"Think\",\"input\":{\"seconds\":$pause}}"
  sleep "$pause"
  if [ "$step" -eq 1 ]; then
    if [ "$spam" -ne 0 ]; then
      yes '{"type":"user","message":{"role":"user","content":[{"type":"tool_result","content":"noise, noise, nothing but noise"}]}}' |
        head -c "$spam"
      printf '\n'
    fi
    while [ "$hang" -ne 0 ]; do sleep 3600; done
  fi
  step=$((step + 1))
done

if [ "$attempt" -le "$fail_first" ]; then
  printf 'rehearsal: attempt %s was asked to fail\n' "$attempt" >&2
  finish 1 true error_during_execution "Attempt $attempt was asked to fail."
fi

# write <path>
write() {
  mkdir -p -- "$(dirname -- "$1")" || return 1
  printf '# Sheet %s\n' "$sheet" >"$1" || return 1
  [ "$partial" -eq 0 ] || return 0
  cat >>"$1" <<TEXT

$task

This page was written by the rehearsal agent on attempt $attempt at sheet $sheet. It stands in for the work of a real agent: it costs
nothing, needs no account and no network, and takes as long as it was told to. It holds some sixty words, so that a check which
counts them, looks for a heading, or searches for a phrase has something to find, and you can see what a finished sheet leaves behind.
TEXT
}

written=0
while IFS= read -r path; do
  [ -n "$path" ] || continue
  case $path in -*) path=./$path ;; esac
  say "msg_${session}_write_$written" "{\"type\":\"tool_use\",\"id\":\"toolu_w$written\",\"name\":\"Write\",\"input\":{\"file_path\":\"$(json "$path")\"}}"
  write "$path" || finish 1 true error_during_execution "The file $path could not be written."
  written=$((written + 1))
  [ "$partial" -eq 0 ] || break
done <<LIST
$files
LIST

if [ "$garbage_json" -ne 0 ]; then
  printf '{"type":"assistant","message":{"id":\n}{\n\377\376 not json at all\n{"type":"result","is_error":fal'
  exit 0
fi

finish 0 false success "Sheet $sheet is done, files written: $written."
