package sample

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
)

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
