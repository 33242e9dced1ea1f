package media_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"standin/mock/internal/media"
)

// encoders write the codings; "bare" is deflate without its frame.
func encoders(w io.Writer) map[string]io.WriteCloser {
	bare, _ := flate.NewWriter(w, flate.BestSpeed)
	z, _ := zstd.NewWriter(w)
	return map[string]io.WriteCloser{"gzip": gzip.NewWriter(w), "deflate": zlib.NewWriter(w), "bare": bare, "br": brotli.NewWriter(w), "zstd": z}
}

func TestDecoded(t *testing.T) {
	text := strings.Repeat("what is said ", 500)
	for name := range encoders(io.Discard) {
		var b bytes.Buffer
		w := encoders(&b)[name]
		_, _ = io.WriteString(w, text)
		_ = w.Close()
		coding := strings.Replace(name, "bare", "deflate", 1)
		for _, header := range []string{coding, " " + strings.ToUpper(coding) + " ", "identity, " + coding} {
			r, err := media.Decoded(bytes.NewReader(b.Bytes()), header)
			if err != nil {
				t.Fatalf("%s: %v", header, err)
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != text {
				t.Errorf("%s: %d bytes, %v", header, len(got), err)
			}
		}
		r, err := media.Decoded(bytes.NewReader(b.Bytes()[:b.Len()/2]), coding)
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("half of %s: %v", name, err)
		}
	}
	_, err := media.Decoded(strings.NewReader("x"), "gzip, compress")
	if unknown, ok := errors.AsType[*media.UnknownCoding](err); !ok || unknown.Coding != "compress" {
		t.Errorf("compress: %v", err)
	}
	if _, err := media.Decoded(strings.NewReader("x"), strings.Repeat("br,", 5)+"br"); err == nil {
		t.Error("six codings are undone")
	}
}

func FuzzDecoded(f *testing.F) {
	f.Add("gzip", []byte("\x1f\x8b\x08\x00"))
	f.Add("deflate", []byte("x\x9c"))
	f.Add("br", []byte("\x0b\x02\x80abc\x03"))
	f.Add("zstd", []byte("\x28\xb5\x2f\xfd\x04\x00"))
	f.Add("zstd, br", []byte{})
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		if r, err := media.Decoded(bytes.NewReader(body), encoding); err == nil {
			_, _ = io.CopyN(io.Discard, r, 1<<20)
		}
	})
}
