package sample

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/textproto"

	"standin/mock/internal/media"
	"standin/mock/schema"
)

// fileOf is a body of a type whose bytes mean something: a small file that programs for that type can open; nil for other types, and
// where the document wants what no such file is. made is the text that was generated for it.
func fileOf(t media.Type, made string, s *schema.Schema) []byte {
	var b bytes.Buffer
	switch t.Essence() {
	case "image/png":
		_ = png.Encode(&b, picture())
	case "image/jpeg", "image/jpg":
		_ = jpeg.Encode(&b, picture(), nil)
	case "image/gif":
		_ = gif.Encode(&b, picture(), nil)
	case "image/svg+xml":
		b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16" fill="#3465a4"/></svg>` + "\n")
	case "application/pdf":
		pdf(&b)
	case "application/zip", "application/x-zip-compressed":
		z := zip.NewWriter(&b)
		if f, err := z.Create("sample.txt"); err == nil {
			_, _ = f.Write([]byte("sample\n"))
		}
		_ = z.Close()
	case "application/gzip", "application/x-gzip":
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte("sample\n"))
		_ = z.Close()
	case "audio/wav", "audio/x-wav", "audio/wave":
		wav(&b)
	case "text/html":
		fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sample</title></head><body><p>%s</p></body></html>\n", html.EscapeString(made))
	}
	switch {
	case b.Len() == 0, s != nil && !s.Valid("a string", schema.Response) && !s.Valid(made, schema.Response):
		return nil
	case s != nil && t.IsText() && !s.Valid(b.String(), schema.Response), s != nil && !t.IsText() && (s.MaxLength >= 0 && b.Len() > s.MaxLength || b.Len() < s.MinLength):
		return nil
	}
	return b.Bytes()
}

// picture is a small image of one colour.
func picture() image.Image {
	p := image.NewPaletted(image.Rect(0, 0, 16, 16), color.Palette{color.RGBA{0x34, 0x65, 0xa4, 0xff}})
	return p
}

// pdf writes a document of one empty page (ISO 32000-1, 7.5).
func pdf(b *bytes.Buffer) {
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
	}
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
}

// wav writes a hundredth of a second of silence: 8,000 samples a second of 8 bits, one channel.
func wav(b *bytes.Buffer) {
	const samples = 80
	b.WriteString("RIFF")
	for _, part := range []any{
		uint32(36 + samples), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(8000), uint32(8000), uint16(1), uint16(8), []byte("data"), uint32(samples),
	} {
		_ = binary.Write(b, binary.LittleEndian, part)
	}
	b.Write(bytes.Repeat([]byte{128}, samples))
}

// boundary separates the parts of generated bodies. No part that is made up holds it.
const boundary = "standin-5b0e8d7a1c94"

// partsText writes an object as parts (RFC 7578): lists as parts of one name, objects as JSON.
func partsText(value any) ([]byte, error) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("parts are made from an object")
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary) // which is well formed
	var part func(name string, v any)
	part = func(name string, v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				part(name, item)
			}
		case map[string]any:
			h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", name)}, "Content-Type": {"application/json"}}
			if p, err := w.CreatePart(h); err == nil {
				_, _ = p.Write(jsonText(v, nil))
			}
		case nil:
			_ = w.WriteField(name, "null")
		case json.Number:
			_ = w.WriteField(name, v.String())
		default:
			_ = w.WriteField(name, fmt.Sprint(v))
		}
	}
	for _, name := range sortedNames(object) {
		part(name, object[name])
	}
	_ = w.Close()
	return b.Bytes(), nil
}
