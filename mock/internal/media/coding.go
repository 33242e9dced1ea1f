package media

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// mostCodings bounds the codings laid over each other, and largestWindow the memory of zstd in bytes (RFC 9659, 3).
const (
	mostCodings   = 4
	largestWindow = 8 << 20
)

// Codings are the content codings that [Decoded] undoes, as an Accept-Encoding lists them (RFC 9110, 12.5.3).
func Codings() string { return "gzip, deflate, br, zstd" }

// IsCoding tells whether a content coding can be undone.
func IsCoding(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "identity", "gzip", "x-gzip", "deflate", "br", "zstd":
		return true
	}
	return false
}

// UnknownCoding tells that a body has a content coding that cannot be undone.
type UnknownCoding struct{ Coding string }

func (e *UnknownCoding) Error() string {
	return "the Content-Encoding " + strconv.Quote(cut(e.Coding)) + " is not supported; " + Codings() + " are"
}

// Decoded undoes the codings of a Content-Encoding (RFC 9110, 8.4), the last one first: gzip, deflate, br (RFC 7932) and zstd (RFC 8878).
// Errors are *[UnknownCoding], and what the first bytes have wrong. What comes out is not bounded.
func Decoded(r io.Reader, encoding string) (io.Reader, error) {
	names := strings.Split(encoding, ",")
	if len(names) > mostCodings {
		return nil, errors.New("its Content-Encoding lists more than " + strconv.Itoa(mostCodings) + " codings")
	}
	for _, name := range names {
		if !IsCoding(name) {
			return nil, &UnknownCoding{Coding: strings.TrimSpace(name)}
		}
	}
	for i := len(names) - 1; i >= 0; i-- {
		var err error
		if r, err = undone(r, strings.ToLower(strings.TrimSpace(names[i]))); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// undone undoes one coding.
func undone(r io.Reader, name string) (io.Reader, error) {
	switch name {
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "deflate":
		return inflated(r)
	case "br":
		return brotli.NewReader(r), nil
	case "zstd": // one that works alone needs no closing
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(largestWindow))
	}
	return r, nil
}

// inflated undoes deflate: zlib as RFC 9110, 8.4.1.2 says, or the bare stream that some clients send.
func inflated(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(b)
	}
	return flate.NewReader(b), nil
}
