package fhir

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestAppendString(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"Norwegian term", "åreknuter i spiserøret", `"åreknuter i spiserøret"`},
		{"quotes and backslash", `"a" \ b`, `"\"a\" \\ b"`},
		{"line break and tab of a text definition", "first\r\n\tsecond", `"first\r\n\tsecond"`},
		{"control byte", "a\x01b", `"a\u0001b"`},
		{"comparison signs stay", "FEV1 < 30 % & > 2", `"FEV1 < 30 % & > 2"`},
		{"Latin-1 byte", "hj\xE6rte", "\"hj\uFFFDrte\""},
		{"empty", "", `""`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(AppendString(nil, tt.in)); got != tt.want {
				t.Errorf("AppendString(%q) = %s, want %s", tt.in, got, tt.want)
			}
		})
	}
}

// TestAppendStringAnywhere has every byte in every place of a text that is otherwise
// plain: eight bytes at a time are looked at together.
func TestAppendStringAnywhere(t *testing.T) {
	for b := range 256 {
		for at := range 18 {
			in := []byte("hjerteinfarkt  123")
			in[at] = byte(b)
			var got string
			if err := json.Unmarshal(AppendString(nil, string(in)), &got); err != nil {
				t.Fatalf("byte %#x at %d: %v", b, at, err)
			}
			want := string(in)
			if b >= utf8.RuneSelf {
				want = want[:at] + "\uFFFD" + want[at+1:]
			}
			if got != want {
				t.Fatalf("byte %#x at %d reads back as %q, want %q", b, at, got, want)
			}
		}
	}
}

// FuzzAppendString states that whatever the string, the output is valid UTF-8 and
// reads back as what encoding/json writes.
func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"hjerteinfarkt", "a\"b\\c\n", "\xff\xe6", "\u2028<&>", "\U0001F9E0", "\x7f\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ours := AppendString(nil, s)
		theirs, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var a, b string
		if err := json.Unmarshal(ours, &a); err != nil {
			t.Fatalf("AppendString(%q) = %q: %v", s, ours, err)
		}
		if err := json.Unmarshal(theirs, &b); err != nil {
			t.Fatal(err)
		}
		if a != b || !utf8.Valid(ours) {
			t.Fatalf("AppendString(%q) reads back as %q, want %q", s, a, b)
		}
	})
}

func TestAppendStringDoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { AppendString(dst, "øsofagusvarice \"med\" blødning") }); n != 0 {
		t.Errorf("AppendString allocates %v times, want 0", n)
	}
}
