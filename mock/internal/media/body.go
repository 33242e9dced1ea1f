package media

import (
	"bytes"
	"fmt"
	"strings"
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
// left unread. Errors say where the body is wrong.
func Decode(t Type, body []byte, limits source.Limits) (value any, kind Kind, err error) {
	switch {
	case t.IsJSON():
		text := body
		if charset := t.Params["charset"]; charset != "" && !utf8Name(charset) {
			s, err := DecodeText(body, charset)
			if err != nil {
				return nil, JSON, err
			}
			text = []byte(s)
		}
		value, err = source.DecodeJSON(text, limits)
		return value, JSON, err
	case t.IsText():
		s, err := DecodeText(body, t.Params["charset"])
		return s, Text, err
	}
	return nil, Unread, nil
}

func utf8Name(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8") || strings.EqualFold(charset, "us-ascii")
}

// DecodeText turns text of a charset (an IANA name; "" is UTF-8) into a string. A byte order mark is dropped.
func DecodeText(body []byte, charset string) (string, error) {
	if charset == "" || utf8Name(charset) {
		if !utf8.Valid(body) {
			return "", fmt.Errorf("the text is not valid UTF-8")
		}
		return string(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))), nil
	}
	encoding, err := ianaindex.IANA.Encoding(charset)
	if err != nil || encoding == nil {
		return "", fmt.Errorf("the charset %q is not supported", charset)
	}
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return "", fmt.Errorf("the text is not valid %s: %w", charset, err)
	}
	return string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))), nil
}
