import type { TextStream } from '../engine/index.ts'

/** A text within JSON, as it stands there. */
const JSON_TEXT = /"(?:[^"\\]|\\.)*"/g

/**
 * The same stream, with secrets taken out of what is written to it.
 * @param json whole JSON documents are written: they stay that, and the texts in them are looked through
 */
export function withoutSecrets(stream: TextStream, redact: (text: string) => string, json: boolean): TextStream {
  const inJson = (text: string) => text.replace(JSON_TEXT, (literal) => JSON.stringify(redact(String(JSON.parse(literal)))))
  return {
    write: (text) => stream.write(json ? inJson(text) : redact(text)),
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
  }
}
