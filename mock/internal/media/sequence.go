package media

import (
	"bytes"
	"strings"
)

// Sequence tells how the elements of a body follow each other (OpenAPI 3.2, Sequential Media Types).
type Sequence uint8

// The kinds of sequences.
const (
	NoSequence Sequence = iota
	JSONLines           // one JSON text a line: application/jsonl, application/x-ndjson
	JSONTexts           // each after a record separator: application/json-seq (RFC 7464)
	Events              // text/event-stream (HTML, 9.2)
	Table               // text/csv (RFC 4180), its first line naming the columns
)

// Sequence is the kind of sequence that bodies of the type are; [NoSequence] for all that are one value.
func (t Type) Sequence() Sequence {
	switch t.Type + "/" + t.Subtype {
	case "application/jsonl", "application/x-ndjson", "application/ndjson", "application/x-jsonlines", "application/jsonlines",
		"application/x-jsonl", "application/stream+json", "text/x-ndjson", "text/jsonl":
		return JSONLines
	case "application/json-seq":
		return JSONTexts
	case "text/event-stream":
		return Events
	case "text/csv":
		return Table
	}
	if t.Suffix() == "json-seq" {
		return JSONTexts
	}
	return NoSequence
}

// Split cuts a body after each of its elements, as a server would send it that makes them one by one; nil for tables and for what
// is no sequence. The parts share the body's memory, and together are all of it.
func (q Sequence) Split(body []byte) [][]byte {
	var out [][]byte
	cut := func(n int) {
		out, body = append(out, body[:n:n]), body[n:]
	}
	switch q {
	case Events:
		for n := blankLine(body); n >= 0; n = blankLine(body) {
			cut(n)
		}
	case JSONLines:
		for n := bytes.IndexByte(body, '\n'); n >= 0; n = bytes.IndexByte(body, '\n') {
			cut(n + 1)
		}
	case JSONTexts:
		for len(body) > 1 && bytes.IndexByte(body[1:], 0x1e) >= 0 {
			cut(1 + bytes.IndexByte(body[1:], 0x1e))
		}
	default:
		return nil
	}
	if len(body) > 0 {
		cut(len(body))
	}
	return out
}

// blankLine is where the first blank line ends, -1 if there is none. Lines end with CR, LF or both (HTML, 9.2.5).
func blankLine(text []byte) int {
	fresh := false // at the start of a line that is not the first
	for i := 0; i < len(text); i++ {
		if text[i] != '\n' && text[i] != '\r' {
			fresh = false
			continue
		}
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		if fresh {
			return i + 1
		}
		fresh = true
	}
	return -1
}

// IsRetry tells whether a text can be the retry of an event, a whole number of milliseconds (HTML, 9.2.6).
func IsRetry(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }
