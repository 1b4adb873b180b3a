import { expect, it } from 'vitest'
import { readAnsi } from './ansi.ts'

it('a plain line is one span', () => {
  expect(readAnsi('just text')).toEqual([{ text: 'just text', tone: 'text', bold: false }])
})

it('terminal colours become roles of the theme, and weights stay', () => {
  expect(readAnsi('\u001b[1;31mbad\u001b[0m and \u001b[92mgood\u001b[39m')).toEqual([
    { text: 'bad', tone: 'fail', bold: true },
    { text: ' and ', tone: 'text', bold: false },
    { text: 'good', tone: 'ok', bold: false },
  ])
})

it('a line that overwrote itself shows its last state', () => {
  expect(readAnsi('10 %\r50 %\rdone\r').map((span) => span.text)).toEqual(['done'])
})

it('window titles and links leave no trace', () => {
  expect(
    readAnsi('\u001b]0;title\u0007a \u001b]8;;https://x.test\u001b\\link\u001b]8;;\u001b\\')
      .map((span) => span.text)
      .join(''),
  ).toBe('a link')
})

it('markup is text', () => {
  expect(readAnsi('\u001b[31m<img onerror=x>\u001b[0m')[0]?.text).toBe('<img onerror=x>')
})
