package scg_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/snomed/scg"
)

// hostile are expressions near the limits of size and depth.
func hostile() map[string]string {
	many := func(n int, open, one, end string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(open + fmt.Sprintf(one, i) + end)
		}
		return b.String()
	}
	var tree func(depth, leaf int) string
	tree = func(depth, leaf int) string {
		if depth == 0 {
			return fmt.Sprintf("#%d", leaf)
		}
		return fmt.Sprintf("(22298006:{363698007=%s,116676008=%s})", tree(depth-1, 2*leaf), tree(depth-1, 2*leaf+1))
	}
	return map[string]string{
		"many values":     "64572001:" + many(1400, "", "1142135004=#%d", ""),
		"many groups":     "64572001:" + many(1200, "{", "1142135004=#%d", "}"),
		"many in a group": "64572001:{" + many(1400, "", "1142135004=#%d", "") + "}",
		"many nested":     "64572001:" + many(500, "", "363698007=(39607008:1142135004=#%d)", ""),
		"deep":            "64572001:" + strings.Repeat("363698007=(22298006:363698007=10200004,", 31) + "363698007=10200004" + strings.Repeat(")", 31),
		"a tree":          "64572001:363698007=" + tree(9, 0),
		"one attribute":   "64572001:363698007=" + strings.ReplaceAll(tree(9, 0), "116676008", "363698007"),
		"two trees":       "64572001:363698007=" + tree(8, 0) + ",116676008=" + tree(8, 1) + ",363704007=" + tree(8, 3),
		"many concepts":   strings.Repeat("22298006+197271008+", 1600) + "22298006",
	}
}

// TestHostileExpressions: whatever fits in the limits is answered at once.
func TestHostileExpressions(t *testing.T) {
	p := open(t, liverAndHeart)
	for name, s := range hostile() {
		start := time.Now()
		f := form(t, p, s)
		if !scg.Subsumes(p, f, f) || len(scg.Parents(p, f)) == 0 {
			t.Errorf("%s: it does not subsume itself, or has no parents", name)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s, %d bytes: %v", name, len(s), took)
		} else {
			t.Logf("%s, %d bytes: %v", name, len(s), took)
		}
	}
}
