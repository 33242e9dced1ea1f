package sample

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"html"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"

	"standin/mock/internal/media"
	"standin/mock/schema"
)

// fileOf is a body of a type whose bytes mean something: a small file that programs for that type can open; nil for other types, and
// where the document wants what no such file is. made is the text that was generated for it, "" for none; seed varies the file.
func fileOf(t media.Type, made string, s *schema.Schema, seed uint64) []byte {
	var b bytes.Buffer
	switch {
	case s != nil && !s.Valid("a string", schema.Response) && !s.Valid(made, schema.Response):
		return nil // no text at all is wanted
	case t.Type == "text" && made != "" && !structured(t.Subtype):
		return nil // any text is one of these
	case t.Type == "image":
		imageFile(&b, t.Subtype, seed)
	case t.Type == "audio":
		audioFile(&b, t.Subtype, seed)
	case t.Type == "text", t.Subtype == "xhtml+xml":
		textFile(&b, t.Subtype, made)
	default:
		applicationFile(&b, t.Subtype, seed)
	}
	if b.Len() == 0 && s == nil && !t.IsXML() && !t.IsMultipart() && !t.IsForm() { // better than nothing at all
		fmt.Fprintf(&b, "sample %d\n", seed%1000)
	}
	switch {
	case b.Len() == 0, s != nil && t.IsText() && !s.Valid(b.String(), schema.Response):
		return nil
	case s != nil && !t.IsText() && (s.MaxLength >= 0 && b.Len() > s.MaxLength || b.Len() < s.MinLength):
		return nil
	}
	return b.Bytes()
}

// structured tells of subtypes of text which programs read that do not take any text.
func structured(subtype string) bool {
	switch subtype {
	case "html", "css", "calendar", "vcard", "javascript", "ecmascript":
		return true
	}
	return false
}

func imageFile(b *bytes.Buffer, subtype string, seed uint64) {
	p := picture(seed)
	switch subtype {
	case "png", "apng", "x-png":
		_ = png.Encode(b, p)
	case "jpeg", "jpg", "pjpeg":
		_ = jpeg.Encode(b, p, nil)
	case "gif":
		_ = gif.Encode(b, p, nil)
	case "bmp", "x-ms-bmp":
		bmp(b, p)
	case "webp":
		b.Write(webp())
	case "x-icon", "vnd.microsoft.icon":
		icon(b, p)
	case "svg+xml":
		r, g, blue, _ := p.At(0, 0).RGBA()
		fmt.Fprintf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%[1]d\" height=\"%[1]d\"><rect width=\"%[1]d\" height=\"%[1]d\" fill=\"#%02x%02x%02x\"/></svg>\n",
			side, r>>8, g>>8, blue>>8)
	}
}

func audioFile(b *bytes.Buffer, subtype string, seed uint64) {
	switch subtype {
	case "wav", "x-wav", "wave", "vnd.wave":
		wav(b, seed)
	case "mpeg", "mp3":
		mp3(b)
	}
}

func textFile(b *bytes.Buffer, subtype, made string) {
	if made == "" {
		made = "Sample text"
	}
	switch subtype {
	case "html", "xhtml+xml":
		namespace := ""
		if subtype == "xhtml+xml" {
			namespace = ` xmlns="http://www.w3.org/1999/xhtml"`
		}
		fmt.Fprintf(b, "<!DOCTYPE html>\n<html%s lang=\"en\"><head><meta charset=\"utf-8\"/><title>Sample</title></head><body><p>%s</p></body></html>\n",
			namespace, html.EscapeString(made))
	case "csv":
		b.WriteString("id,name\n1,Sample\n")
	case "event-stream":
		b.WriteString("data: " + made + "\n\n")
	case "css":
		b.WriteString("body { color: #333; }\n")
	case "javascript", "ecmascript":
		b.WriteString("export const sample = true;\n")
	case "calendar":
		b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//sample//EN\r\nBEGIN:VEVENT\r\nUID:sample@example.com\r\nDTSTAMP:20240101T000000Z\r\n" +
			"DTSTART:20240102T090000Z\r\nSUMMARY:Sample\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	case "vcard":
		b.WriteString("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sample Person\r\nEMAIL:sample@example.com\r\nEND:VCARD\r\n")
	case "jsonl", "x-ndjson":
		b.WriteString("{\"sample\":1}\n{\"sample\":2}\n")
	case "yaml", "x-yaml":
		b.WriteString("sample: 1\n")
	default:
		b.WriteString(made + "\n")
	}
}

func applicationFile(b *bytes.Buffer, subtype string, seed uint64) {
	note := fmt.Sprintf("sample %d\n", seed%1000)
	switch subtype {
	case "pdf":
		pdf(b, strings.TrimSpace(note))
	case "zip", "x-zip-compressed", "x-zip":
		zipped(b, "sample.txt", note)
	case "gzip", "x-gzip":
		z := gzip.NewWriter(b)
		_, _ = z.Write([]byte(note))
		_ = z.Close()
	case "x-tar", "tar":
		archive := tar.NewWriter(b)
		if archive.WriteHeader(&tar.Header{Name: "sample.txt", Mode: 0o644, Size: int64(len(note))}) == nil {
			_, _ = archive.Write([]byte(note))
		}
		_ = archive.Close()
	case "vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		spreadsheet(b, strings.TrimSpace(note))
	case "vnd.openxmlformats-officedocument.wordprocessingml.document":
		textDocument(b, strings.TrimSpace(note))
	case "epub+zip":
		book(b, strings.TrimSpace(note))
	case "java-archive", "x-java-archive":
		zipped(b, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n", "sample.txt", note)
	case "rtf":
		b.WriteString(`{\rtf1\ansi ` + strings.TrimSpace(note) + "}\n")
	case "wasm":
		b.WriteString("\x00asm\x01\x00\x00\x00") // an empty module (WebAssembly, 5.5.16)
	case "javascript", "x-javascript":
		textFile(b, "javascript", "")
	case "x-ndjson", "ndjson", "jsonl", "jsonlines", "x-jsonlines", "x-jsonl", "stream+json":
		textFile(b, "jsonl", "")
	case "json-seq":
		b.WriteString("\x1e{\"sample\":1}\n")
	case "yaml", "x-yaml":
		textFile(b, "yaml", "")
	}
}
