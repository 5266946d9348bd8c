import { expect, test } from 'vitest'
import { markup } from './markup.ts'
import { hostile } from './report-doubles.ts'

test('what is inserted is text, in an element and in an attribute', () => {
  expect(markup`<p title="${`a"b'c`}">${hostile}</p>`.text).toBe(
    '<p title="a&quot;b&#39;c">&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=&quot;http://evil.example/x.png&quot; onerror=&#39;alert(2)&#39;&gt;&quot;&#39;&amp;&lt;/title&gt;&lt;/style&gt;</p>',
  )
})

test('markup is inserted as it is, alone and in lists of lists; nothing inserts nothing, and 0 is something', () => {
  const item = (name: string) => markup`<li>${name}</li>`
  expect(markup`<ul>${[item('a'), [item('<'), 'text']]}${false}${undefined}${null}${0}</ul>`.text).toBe(
    '<ul><li>a</li><li>&lt;</li>text0</ul>',
  )
})

test('control characters and marks that turn the direction of writing are no part of a page', () => {
  expect(markup`${'a\u0000b\u001b[31mc\u202ed\te\nf'}`.text).toBe('a\ufffdb\ufffd[31mc\ufffdd\te\nf')
})
