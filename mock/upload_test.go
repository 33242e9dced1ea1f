package mock_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"standin/mock"
	"standin/mock/contract"
)

const attic = `openapi: 3.1.0
info: {title: Attic, version: "1"}
paths:
  /blob:
    put:
      operationId: putBlob
      requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary, maxLength: 90000000}}}}
      responses: {'204': {description: kept}}
  /boxes:
    post:
      operationId: addBox
      requestBody: {content: {multipart/form-data: {schema: {type: object, required: [name, file], properties: {name: {type: string, maxLength: 5}, file: {type: string, format: binary}}}}}}
      responses: {'204': {description: kept}}
`

// zeros are so many bytes of zero.
type zeros int64

func (e *zeros) Read(p []byte) (int, error) {
	if *e == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), int64(*e))
	clear(p[:n])
	*e -= zeros(n)
	return int(n), nil
}

// atticOf serves the document of uploads.
func atticOf(t *testing.T, options ...mock.Option) *mock.Server {
	t.Helper()
	c, err := contract.Parse(t.Context(), "openapi.yaml", []byte(attic))
	if err != nil {
		t.Fatal(err)
	}
	s, err := mock.New(c, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func upload(t *testing.T, s http.Handler, method, path, contentType string, parts ...io.Reader) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, io.MultiReader(parts...))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// TestUploads reads 64 MiB, as one body and as a part, and allocates next to nothing for it.
func TestUploads(t *testing.T) {
	var told mock.Exchange
	s := atticOf(t, mock.MaxBody(1<<20), mock.MaxUpload(100_000_000), mock.OnExchange(func(e mock.Exchange) { told = e }))
	const begin = "--B\r\nContent-Disposition: form-data; name=name\r\n\r\nRex\r\n--B\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n"
	const end = "\r\n--B--\r\n"
	for _, x := range []struct {
		name, method, path, kind, before, after string
		size                                    zeros
		status                                  int
		says                                    string
	}{
		{"a file", "PUT", "/blob", "application/octet-stream", "", "", 64 << 20, 204, ""},
		{"a part", "POST", "/boxes", "multipart/form-data; boundary=B", begin, end, 64 << 20, 204, ""},
		{"a part of a name that is too long", "POST", "/boxes", "multipart/form-data; boundary=B", strings.Replace(begin, "Rex", "Rexington", 1), end, 64 << 20, 422, "body /name: must be at most 5"},
		{"a file that is too long", "PUT", "/blob", "application/octet-stream", "", "", 90_000_001, 422, "at most 90000000 bytes long, is 90000001"},
		{"more than any upload", "PUT", "/blob", "application/octet-stream", "", "", 100_000_001, 413, "larger than 100000000"},
		{"a text that is too large", "POST", "/boxes", "multipart/form-data; boundary=B", strings.TrimSuffix(begin, "; filename=a\r\n\r\n") + "\r\nContent-Type: text/plain\r\n\r\n", end, 2 << 20, 413, "1048576 bytes beside its files"},
		{"a torn part", "POST", "/boxes", "multipart/form-data; boundary=B", begin, "", 1 << 20, 400, "ends before the last boundary"},
	} {
		t.Run(x.name, func(t *testing.T) {
			var before, after runtime.MemStats
			size := x.size
			runtime.ReadMemStats(&before)
			w := upload(t, s, x.method, x.path, x.kind, strings.NewReader(x.before), &size, strings.NewReader(x.after))
			runtime.ReadMemStats(&after)
			if w.Code != x.status || !strings.Contains(w.Body.String(), x.says) {
				t.Errorf("%d %s; want %d %s", w.Code, w.Body, x.status, x.says)
			}
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 8<<20 {
				t.Errorf("%d bytes were allocated", spent)
			}
			if len(told.RequestBody) > 64<<10 {
				t.Errorf("the journal holds %d bytes", len(told.RequestBody))
			}
		})
	}
}

// TestUploadForHandler gives a handler all of a body, which is bounded then.
func TestUploadForHandler(t *testing.T) {
	s := atticOf(t, mock.MaxBody(1<<20), mock.WithHandler("putBlob", func(_ context.Context, call *mock.Call) (mock.Answer, error) {
		return mock.Answer{Status: len(call.Body) / 1000}, nil
	}))
	size := zeros(204_000)
	if w := upload(t, s, "PUT", "/blob", "application/octet-stream", &size); w.Code != 204 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	size = 2 << 20
	if w := upload(t, s, "PUT", "/blob", "application/octet-stream", &size); w.Code != 413 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
