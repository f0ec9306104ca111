package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// parseJSON reads a body as one JSON object, whose texts FHIR can have. What is wrong is
// told with its line and column.
func parseJSON(body []byte) (map[string]any, error) {
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if at, err := checkEscapes(body); err != nil && utf8.Valid(body) {
		return nil, bodyError(body, int64(at), err)
	}
	return readJSON(body)
}

// readJSON is parseJSON for texts of ours, which may say what no client may.
func readJSON(body []byte) (map[string]any, error) {
	if !utf8.Valid(body) {
		return nil, bodyError(body, int64(invalidAt(body)), errors.New("the body is not UTF-8"))
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		at := dec.InputOffset()
		if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
			at = e.Offset - 1
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			at, err = int64(len(body)), errors.New("the JSON ends too early")
		}
		return nil, bodyError(body, at, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, bodyError(body, dec.InputOffset(), errors.New("more text after the JSON"))
	}
	object, ok := root.(map[string]any)
	if !ok {
		return nil, bodyError(body, 0, fmt.Errorf("want a JSON object, not %s", jsonType(root)))
	}
	return object, nil
}

// bodyError says where in a body something is wrong.
func bodyError(body []byte, at int64, err error) error {
	before := body[:min(max(at, 0), int64(len(body)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return &terminology.Error{Op: "fhir.ReadBody", Kind: terminology.Invalid, Err: fmt.Errorf("line %d, column %d: %w", line, column, err)}
}

func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

func jsonType(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case []any:
		return "an array"
	}
	return "an object"
}

// tree reads an object of a resource. The first wrong type is kept with its place,
// and everything after it reads as absent, so that a reader checks once, at its
// end.
type tree struct {
	object map[string]any
	path   string
	err    *error
}

func newTree(object map[string]any, path string) tree { return tree{object, path, new(error)} }

func (t tree) fail(path, want string, got any) {
	if *t.err == nil {
		*t.err = elementError(terminology.Invalid, path, "want %s, not %s", want, jsonType(got))
	}
}

// text returns a string member, "" when it is absent.
func (t tree) text(key string) string {
	v, ok := t.object[key]
	if !ok || *t.err != nil {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		t.fail(t.path+"."+key, "a string", v)
	}
	return s
}

// bool returns a boolean member, nil when it is absent.
func (t tree) bool(key string) *bool {
	v, ok := t.object[key]
	if !ok || *t.err != nil {
		return nil
	}
	b, ok := v.(bool)
	if !ok {
		t.fail(t.path+"."+key, "true or false", v)
		return nil
	}
	return &b
}

// objects returns the objects of an array member.
func (t tree) objects(key string) []tree {
	list := t.array(key)
	out := make([]tree, 0, len(list))
	for i, v := range list {
		path := t.path + "." + key + "[" + strconv.Itoa(i) + "]"
		object, ok := v.(map[string]any)
		if !ok {
			t.fail(path, "an object", v)
			return nil
		}
		out = append(out, tree{object, path, t.err})
	}
	return out
}

// texts returns the strings of an array member.
func (t tree) texts(key string) []string {
	var out []string
	for i, v := range t.array(key) {
		s, ok := v.(string)
		if !ok {
			t.fail(t.path+"."+key+"["+strconv.Itoa(i)+"]", "a string", v)
			return nil
		}
		out = append(out, s)
	}
	return out
}

func (t tree) array(key string) []any {
	v, ok := t.object[key]
	if !ok || *t.err != nil {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		t.fail(t.path+"."+key, "an array", v)
	}
	return list
}

// child returns an object member; false when it is absent.
func (t tree) child(key string) (tree, bool) {
	v, ok := t.object[key]
	if !ok || *t.err != nil {
		return tree{}, false
	}
	object, ok := v.(map[string]any)
	if !ok {
		t.fail(t.path+"."+key, "an object", v)
		return tree{}, false
	}
	return tree{object, t.path + "." + key, t.err}, true
}
