package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// maxMapping is the longest YAML that is read.
const maxMapping = 1 << 20

// Parse reads a mapping from YAML; file is its name for messages. A key that is not
// known is an error with its line, and so is a second document. The mapping is to be
// checked before use, see Check.
func Parse(file string, text []byte) (*Mapping, error) {
	if len(text) > maxMapping {
		return nil, parseError(file, 0, "", fmt.Errorf("the mapping is longer than %d bytes", maxMapping))
	}
	m := &Mapping{name: file}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	err := d.Decode(m)
	if errors.Is(err, io.EOF) {
		return nil, parseError(file, 0, "", errNoMapping)
	}
	if wrong := (*yaml.TypeError)(nil); errors.As(err, &wrong) {
		list := make([]error, len(wrong.Errors))
		for i, text := range wrong.Errors {
			list[i] = explain(file, text)
		}
		return nil, &terminology.Error{Op: "table.Parse", Kind: terminology.Invalid, Err: errors.Join(list...)}
	}
	if err != nil {
		line, text := lineOf(strings.TrimPrefix(err.Error(), "yaml: "))
		return nil, parseError(file, line, "", errors.New(text))
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, parseError(file, 0, "", errors.New("want one document of YAML, found more after it"))
	}
	return m, nil
}

func parseError(file string, line int, key string, err error) error {
	return &terminology.Error{Op: "table.Parse", Kind: terminology.Invalid, Err: &terminology.RowError{File: file, Line: line, Column: key, Err: err}}
}

// lineOf takes the line off the front of a message of the YAML library.
func lineOf(text string) (int, string) {
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		if number, message, ok := strings.Cut(rest, ": "); ok {
			if line, err := strconv.Atoi(number); err == nil {
				return line, message
			}
		}
	}
	return 0, text
}

// The messages of the YAML library that have a better wording.
var (
	unknownKey = regexp.MustCompile(`^field (.*) not found in type (\S+)$`)
	wrongType  = regexp.MustCompile(`^cannot unmarshal !!(\w+)(?: (\x60.*\x60))? into (\S+)$`)
)

// explain makes a row error of a message of the YAML library.
func explain(file, message string) *terminology.RowError {
	line, text := lineOf(message)
	e := &terminology.RowError{File: file, Line: line, Err: errors.New(text)}
	if match := unknownKey.FindStringSubmatch(text); match != nil {
		e.Column = match[1]
		e.Err = fmt.Errorf("there is no such key here: want one of %s", strings.Join(keysOf(match[2]), ", "))
	} else if match := wrongType.FindStringSubmatch(text); match != nil {
		e.Err = fmt.Errorf("found %s, want %s", yamlWords[match[1]]+match[2], wantedOf(match[3]))
	}
	return e
}

// yamlWords are the kinds of YAML.
var yamlWords = map[string]string{"seq": "a list", "map": "keys", "str": "the text ", "int": "the number ", "float": "the number ", "bool": "the word ", "null": "nothing"}

func wantedOf(typ string) string {
	switch {
	case typ == "string":
		return "a text"
	case typ == "int":
		return "a number"
	case typ == "bool":
		return "true or false"
	case strings.HasPrefix(typ, "[]"):
		return "a list"
	}
	return "keys: " + strings.Join(keysOf(typ), ", ")
}

// keysOf returns the keys of one of the types of a mapping.
func keysOf(name string) []string {
	for _, v := range []any{Mapping{}, System{}, Systems{}, File{}, Columns{}, Designation{}, Parent{}, Property{}, Flag{}, Map{}, MapColumns{}, Relation{}, Term{}} {
		t := reflect.TypeOf(v)
		if t.String() != name {
			continue
		}
		var keys []string
		for i := range t.NumField() {
			if key := t.Field(i).Tag.Get("yaml"); key != "-" && key != "" {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		return keys
	}
	return nil
}

// UnmarshalYAML reads one name or a list of names.
func (n *Names) UnmarshalYAML(node *yaml.Node) error {
	nodes := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		nodes = node.Content
	}
	*n = (*n)[:0]
	for _, one := range nodes {
		if one.Kind == yaml.AliasNode {
			one = one.Alias
		}
		if one.Kind != yaml.ScalarNode || one.Tag == "!!null" {
			return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: want a text or a list of texts", one.Line)}}
		}
		*n = append(*n, one.Value)
	}
	return nil
}
