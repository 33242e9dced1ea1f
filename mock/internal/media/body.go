package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/ianaindex"

	"standin/mock/internal/source"
)

// Kind tells how a body was read.
type Kind uint8

// The kinds. An Unread body is bytes that nobody has looked into.
const (
	Unread Kind = iota
	JSON
	Text
)

// Decode reads a body as its type says: JSON into plain values, other text into a string. Forms, XML and binary types are
// left unread. Errors say where the body is wrong; those of JSON are *[source.Error]. JSON of another charset than UTF-8
// (RFC 8259 knows none) is read if its type says so.
func Decode(t Type, body []byte, limits source.Limits) (value any, kind Kind, err error) {
	charset := t.Params["charset"]
	switch {
	case t.IsJSON():
		if !isUTF8(charset) { // else DecodeJSON says where a byte is wrong
			text, err := DecodeText(body, charset)
			if err != nil {
				return nil, JSON, err
			}
			body = []byte(text)
		}
		value, err = source.DecodeJSON(body, limits)
		return value, JSON, err
	case t.IsText():
		text, err := DecodeText(body, charset)
		return text, Text, err
	}
	return nil, Unread, nil
}

// isUTF8 tells whether a charset is UTF-8, the default, or part of it.
func isUTF8(charset string) bool {
	for _, name := range [...]string{"", "utf-8", "utf8", "us-ascii", "ascii"} {
		if strings.EqualFold(charset, name) {
			return true
		}
	}
	return false
}

const byteOrderMark = "\ufeff"

// DecodeText turns text of a charset into a string without a byte order mark. A charset is named as IANA does, in either
// case: utf-8 (also for ""), us-ascii, iso-8859-1, windows-1252, utf-16, shift_jis, ... An error tells of a charset that
// is not known, or where the text is not of it.
func DecodeText(body []byte, charset string) (string, error) {
	switch name := strings.ToLower(charset); {
	case isUTF8(name):
		if at := invalid(body); at >= 0 {
			return "", fmt.Errorf("the text is not valid UTF-8 at byte %d", at+1)
		}
		return string(bytes.TrimPrefix(body, []byte(byteOrderMark))), nil
	case name == "utf-16" && bytes.HasPrefix(body, []byte("\xff\xfe")), name == "utf-16le":
		return decodeUTF16(body, binary.LittleEndian, charset)
	case name == "utf-16", name == "utf-16be": // without a mark big-endian (RFC 2781, 4.3)
		return decodeUTF16(body, binary.BigEndian, charset)
	}
	encoding, err := ianaindex.IANA.Encoding(charset)
	if err != nil || encoding == nil {
		return "", fmt.Errorf("the charset %q is not supported", cut(charset))
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err == nil && bytes.ContainsRune(text, utf8.RuneError) { // it stands for what the charset lacks
		err = errors.New("some bytes stand for no character")
	}
	if err != nil {
		return "", fmt.Errorf("the text is not valid %s: %w", charset, err)
	}
	return string(text), nil
}

// invalid is the offset of the first byte that is not UTF-8, -1 if there is none.
func invalid(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func decodeUTF16(body []byte, order binary.ByteOrder, charset string) (string, error) {
	if len(body)%2 != 0 {
		return "", fmt.Errorf("the text is not valid %s: it has an odd number of bytes", charset)
	}
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); i += 2 {
		r := rune(order.Uint16(body[i:]))
		if utf16.IsSurrogate(r) {
			var low rune
			if i+2 < len(body) {
				low = rune(order.Uint16(body[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return "", fmt.Errorf("the text is not valid %s at byte %d: half a surrogate pair", charset, i+1)
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return strings.TrimPrefix(string(out), byteOrderMark), nil
}
