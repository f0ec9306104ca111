package resource

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// scanned passes over a text and decodes nothing.
func scanned(data []byte) *scanner {
	s := newScanner(data, "a.json", "Any")
	s.skip()
	s.end()
	return s
}

func TestScannerSaysWhere(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a bracket is missing", "{\n\"a\": [1, 2\n}", "a.json:3:Any.a[1]: found '}', want a comma or ]"},
		{"two values", "{} {}", "a.json:1:Any: found '{', want the end of the text"},
		{"it ends too early", `{"a": {"b": "x`, "a.json:1:Any.a.b: the JSON ends too early: want the end of a string"},
		{"a member twice", `{"a": 1, "a": 2}`, "a.json:1:Any.a: the object has this member twice"},
		{"an escape that is none", `{"a": "\x"}`, "a.json:1:Any.a: found \"\\\\x\\\"}\", want an escape of JSON"},
		{"a number with a zero before it", `[01]`, "a.json:1:Any[0]: found '1', want a comma or ]"},
		{"no UTF-8", "{\"a\":\n\"\xff\"}", "a.json:2:Any: the text is not UTF-8"},
	}
	for _, tt := range tests {
		if s := scanned([]byte(tt.text)); s.err == nil || s.err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, s.err, tt.want)
		}
	}
	deep := strings.Repeat("[", 100_000)
	if s := scanned([]byte(deep)); s.err == nil || !strings.Contains(s.err.Error(), "nested more than 1000 deep") {
		t.Errorf("deep nesting: %v", s.err)
	}
}

// FuzzScanner holds the scanner to encoding/json: it accepts what that accepts, but
// for members that are given twice, deep nesting and bytes that are not UTF-8, and
// strings mean the same.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e+3,true,null,"x\u00e5\ud83d\ude00\n"],"b":{}}`, `"\ud800"`, `[]`, ` 0 `, `-`, `{"a":`, `[1,]`, `tru`, "\"\x01\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte("\ufeff")) {
			return
		}
		s := scanned(data)
		valid := json.Valid(data)
		if s.err == nil && !valid {
			t.Fatalf("%q is accepted, and is no JSON", data)
		}
		if s.err != nil && valid && !strings.Contains(s.err.Error(), "twice") && !strings.Contains(s.err.Error(), "deep") && !strings.Contains(s.err.Error(), "not UTF-8") {
			t.Fatalf("%q is refused: %v", data, s.err)
		}
		text := newScanner(data, "", "")
		if got := text.str(); text.err == nil {
			var want string
			if err := json.Unmarshal(data[:text.at], &want); err != nil || got != want {
				t.Fatalf("string of %q is %q, want %q, %v", data, got, want, err)
			}
		}
	})
}
