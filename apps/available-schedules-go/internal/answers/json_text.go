package answers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
)

// Compact writes JSON as the contract has it: no spaces, keys in the order of the struct's fields, ASCII only.
// It panics on a value that JSON does not have, which no value of this app is.
func Compact(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("a value that is not JSON: %v", err))
	}
	return escapeNonASCII(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}

func escapeNonASCII(text []byte) []byte {
	escaped := make([]byte, 0, len(text))
	for _, char := range string(text) {
		switch {
		case char < 0x7f:
			escaped = append(escaped, byte(char))
		case char <= 0xffff:
			escaped = fmt.Appendf(escaped, `\u%04x`, char)
		default:
			high, low := utf16.EncodeRune(char)
			escaped = fmt.Appendf(escaped, `\u%04x\u%04x`, high, low)
		}
	}
	return escaped
}
