import { describe, expect, it } from 'vitest'
import { refusal } from './guard.ts'
import { splitWords } from './words.ts'

describe('a hook’s command', () => {
  it.each([
    'rm -rf /',
    'rm -rf /*',
    'sudo rm -fr / ',
    'cd x && rm -r -f ~',
    'rm -rf "$HOME"',
    'rm -rf ${HOME}/',
    'rm --recursive --force /etc',
    'rm -rf --no-preserve-root /',
    'rm -rf build /usr',
    '/bin/rm -rf /home',
    'find / -name x -delete',
    'mkfs.ext4 /dev/sda1',
    'mkfs -t ext4 /dev/sda1',
    'dd if=/dev/zero of=/dev/sda bs=1M',
    ':(){ :|:& };:',
    'bomb() { bomb | bomb & }; bomb',
    'echo x > /dev/sda',
    'cat image >/dev/nvme0n1',
    'chmod -R 777 /',
    'chown -R me:me /usr',
    `echo ${'x'.repeat(4096)}`,
  ])('is refused when it would ruin the computer: %s', (command) => {
    expect(refusal(command)).not.toBeNull()
  })

  it.each([
    'rm -rf /work/out',
    'rm -rf ./build /tmp/x/*',
    'rm -rf "$HOME/tmp"',
    'rm -f /tmp/a',
    'rm -rf build; ls /',
    'git commit -m "removes the old form -r"',
    'dd if=/dev/zero of=disk.img count=1',
    'make 2>/dev/null >/dev/null',
    'chmod -R u+w out',
    'chmod +x /usr/local/bin/mine',
    'find . -name x -delete',
    'bash confirm -r /',
    'alarm -r /',
  ])('runs when it only looks like that: %s', (command) => {
    expect(refusal(command)).toBeNull()
  })

  it('is judged in no time, whatever it is', () => {
    const began = performance.now()
    for (const piece of ['rm ', 'rm -r ', 'chmod -R ', 'find / ', 'dd ', ' -a', '(){', 'a(){a|a'])
      refusal(piece.repeat(4096 / piece.length))
    expect(performance.now() - began).toBeLessThan(500)
  })
})

describe('the words of a script’s command', () => {
  it.each([
    ['./run.sh a  b', ['./run.sh', 'a', 'b']],
    [`x "two words" 'and $HOME' it\\'s ""`, ['x', 'two words', 'and $HOME', "it's", '']],
    ['x "a \\"quote\\" and \\n"', ['x', 'a "quote" and \\n']],
    ['x a; rm *', ['x', 'a;', 'rm', '*']],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual(words)
  })

  it('are none where a quote stays open or nothing is there', () => {
    expect(() => splitWords('x "a')).toThrowError(expect.objectContaining({ code: 'HOOK_COMMAND' }))
    expect(() => splitWords('  ')).toThrow('The command is empty.')
  })
})
