package media_test

import (
	"testing"

	"standin/mock/internal/media"
)

func TestBounded(t *testing.T) {
	for _, x := range []struct{ kind, body, want string }{
		{"multipart/mixed", "--b1\r\n\r\nx\r\n--b1--\r\n", "multipart/mixed; boundary=b1"},
		{"multipart/mixed", "a preamble\r\n--b 1 \r\n\r\n", `multipart/mixed; boundary="b 1"`},
		{`multipart/related; type="text/xml"`, "--b--", `multipart/related; boundary=b; type="text/xml"`},
		{"multipart/mixed; boundary=x", "--b\r\n", "multipart/mixed; boundary=x"},
		{"multipart/mixed", "no such line\n--", "multipart/mixed"},
		{"text/plain", "--b\r\n", "text/plain"},
		{"multipart", "--b\r\n", "multipart"},
	} {
		if got := media.Bounded(x.kind, []byte(x.body)); got != x.want {
			t.Errorf("%s with %q: %s, want %s", x.kind, x.body, got, x.want)
		}
	}
}
