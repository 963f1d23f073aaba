import fc from 'fast-check';

/** Pieces of Markdown, HTML, workflow commands and Unicode that could turn foreign text into something else. */
const PIECES = [
  ...['`', '``', '```', '|', '\\', '\\|', '*', '_', '~~', '$', '&', '<', '>', '!', '#', '@', ':'],
  ...['[', ']', '(', ')', '](https://evil.example)', '![x](y)', '[^1]', '{', '}'],
  ...['<script>', '</code>', '<!--', '-->', '&lt;', '&#64;'],
  ...['# ', '- ', '+ ', '1. ', '> ', '---', '===', '| --- |', '~~~'],
  ...['https://evil.example', 'www.evil.example', 'mail@evil.example', '@octocat', '#12', ':smile:'],
  ...['::error::', '::', '##[error]', '##['],
  ...['\n', '\n\n', '\r', '\r\n', '\t', '\u2028', '\u0000', '\u001b[31m', ' ', '    '],
  ...['\ud800', '\udc00', '😀', '\u202e', '\ufeff', 'a', '7', 'é'],
];

/** Text that a guest, a VM's name or a message of vCenter might hold, at worst. */
export const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 400 }),
);
