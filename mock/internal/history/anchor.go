package history

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Segment is a name as one part of an anchor: letters, digits and a few signs stand as they are, other bytes as ~XX, "" as "~", and
// a long name is cut and told from its like by its hash.
//
// An anchor is segments joined by dots: in.query.NAME for parameters, body or the status for bodies, STATUS.header.NAME for
// headers, and below them the names of properties; "{}" for values of a map, "(NAME)" for an alternative, nothing for items of a
// list. A body of another structure than that of the media types before it begins with its own: body.(text~2Fcsv).
func Segment(name string) string {
	if name == "" {
		return "~"
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9', strings.IndexByte("-_$@{}()", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('~')
			b.WriteString(strings.ToUpper(strconv.FormatUint(uint64(c)|0x100, 16)[1:]))
		}
	}
	if b.Len() > 80 {
		sum := sha256.Sum256([]byte(name))
		return b.String()[:60] + "~" + hex.EncodeToString(sum[:])[:10]
	}
	return b.String()
}
