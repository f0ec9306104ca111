package markup

import (
	"io"
	"strings"
	"testing"
)

// TestSize reads files of 10 bytes and more where 10 are allowed.
func TestSize(t *testing.T) {
	for content, want := range map[string]bool{"<a>345</a>": true, "<a>3456</a>": false} {
		b, err := newBytewise(strings.NewReader(content), 10, MaxToken)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(b)
		if (err == nil) != want {
			t.Errorf("reading %d bytes: %v", len(content), err)
		}
	}
}
