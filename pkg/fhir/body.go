package fhir

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// ReadBody adds the parameters of a JSON body: a Parameters resource, or the one
// resource that the operation takes, such as a ValueSet for ValueSet/$expand. The names
// of members are those of FHIR, letter by letter; a Parameters resource with another
// member is refused, since what it says would be lost.
func (p *Parameters) ReadBody(body []byte) error {
	object, items, err := readMembers(body, "Parameters.parameter")
	if err != nil {
		return err
	}
	kind, _ := object["resourceType"].(string)
	t := newTree(object, kind)
	if kind == "Parameters" {
		if err := t.only("Parameters", "resourceType", "parameter", "id", "meta", "implicitRules", "language"); err != nil {
			return err
		}
		for i := range items {
			path := "Parameters.parameter[" + strconv.Itoa(i) + "]"
			if err := p.readItem(tree{items[i].members, path, t.err}, items[i].resource); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range p.op.Parameters {
		if d := &p.op.Parameters[i]; d.Type == ValueSetType && kind == "ValueSet" {
			vs := readValueSet(t)
			if *t.err != nil {
				return *t.err
			}
			return p.add(Parameter{Definition: d, ValueSet: vs, Expression: kind, Raw: bytes.Clone(body)})
		}
	}
	return elementError(terminology.Invalid, "resourceType", "want a Parameters resource, not %q", kind)
}

// item is one item of Parameters.parameter or Bundle.entry: its members, and its resource as it came,
// which is read by who needs it.
type item struct {
	members  map[string]any
	resource json.RawMessage
}

// maxItems is how many items a body may have. A closure table takes half of it at once.
const maxItems = 200_000

// readMembers reads a body once: the members of its object, and the objects of the list
// at path, such as Parameters.parameter, as items. A member that comes twice is an error.
func readMembers(body []byte, path string) (object map[string]any, items []item, err error) {
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(body) {
		_, err := parseJSON(body)
		return nil, nil, err
	}
	if at, err := checkEscapes(body); err != nil {
		return nil, nil, bodyError(body, int64(at), err)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	r := memberReader{dec: dec}
	_, list, _ := strings.Cut(path, ".")
	object = map[string]any{}
	err = r.object("", func(key string) error {
		if key != list {
			var v any
			err := dec.Decode(&v)
			object[key] = v
			return err
		}
		object[key] = nil // seen
		items, err = r.items(path)
		return err
	})
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return object, items, nil
		}
		err = errors.New("more text after the JSON")
	}
	if told := (*terminology.Error)(nil); errors.As(err, &told) {
		return nil, nil, err
	}
	if _, found := parseJSON(body); found != nil { // says where
		return nil, nil, found
	}
	return nil, nil, bodyError(body, dec.InputOffset(), err)
}

// memberReader reads objects of a body, member by member.
type memberReader struct{ dec *json.Decoder }

// object reads an object: value reads the value of a member, whose name is new.
func (r memberReader) object(path string, value func(key string) error) error {
	open, err := r.dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		if path == "" {
			return errors.New("want a JSON object")
		}
		return elementError(terminology.Invalid, path, "want an object, not %s", tokenType(open))
	}
	seen := map[string]bool{}
	for r.dec.More() {
		token, err := r.dec.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		if seen[key] {
			return elementError(terminology.Invalid, strings.TrimPrefix(path+"."+key, "."), "the member comes twice")
		}
		seen[key] = true
		if err := value(key); err != nil {
			return err
		}
	}
	_, err = r.dec.Token()
	return err
}

// items reads the list at a path.
func (r memberReader) items(path string) ([]item, error) {
	open, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	if open != json.Delim('[') {
		return nil, elementError(terminology.Invalid, path, "want an array, not %s", tokenType(open))
	}
	var out []item
	for r.dec.More() {
		if len(out) == maxItems {
			return nil, elementError(terminology.TooCostly, path, "there are more than %d", maxItems)
		}
		one := item{members: map[string]any{}}
		err := r.object(path+"["+strconv.Itoa(len(out))+"]", func(key string) error {
			if key == "resource" {
				one.members[key] = nil // seen
				return r.dec.Decode(&one.resource)
			}
			var v any
			err := r.dec.Decode(&v)
			one.members[key] = v
			return err
		})
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	_, err = r.dec.Token()
	return out, err
}

func tokenType(t json.Token) string {
	switch t {
	case json.Delim('{'):
		return "an object"
	case json.Delim('['):
		return "an array"
	}
	return jsonType(t)
}

// only refuses a member that is none of some, nor an extension of a primitive one.
func (t tree) only(what string, names ...string) error {
	for _, key := range slices.Sorted(maps.Keys(t.object)) {
		if !slices.Contains(names, strings.TrimPrefix(key, "_")) {
			return elementError(terminology.Invalid, t.path+"."+key, "%s has no member '%s': want one of %s, letter by letter", what, key, strings.Join(names, ", "))
		}
	}
	return nil
}

// readItem adds one item of Parameters.parameter.
func (p *Parameters) readItem(t tree, raw []byte) error {
	name := t.text("name")
	if *t.err != nil {
		return *t.err
	}
	if name == "" {
		return elementError(terminology.Invalid, t.path, "the parameter has no name")
	}
	for key := range t.object {
		if strings.HasPrefix(strings.TrimPrefix(key, "_"), "value") {
			continue
		}
		switch strings.TrimPrefix(key, "_") {
		case "name", "resource", "part", "id", "extension", "modifierExtension":
		default:
			return t.only("a parameter", "name", "value[x]", "resource", "part", "id", "extension", "modifierExtension")
		}
	}
	d, err := p.define(name, t.path)
	if err != nil {
		return err
	}
	n := Parameter{Definition: d, Expression: t.path}
	if d.Use != Supported {
		n.Text = anyText(t.object)
		return p.add(n)
	}
	if d.Type == ResourceType || d.Type == ValueSetType {
		if raw == nil {
			return elementError(terminology.Invalid, t.path, "parameter '%s' has no resource", name)
		}
		if raw[0] != '{' {
			return elementError(terminology.Invalid, t.path+".resource", "want an object")
		}
		n.Raw = raw
	}
	if d.Type == ResourceType {
		return p.add(n)
	}
	if d.Type == DependencyType {
		if n.Dependency, err = readDependency(t); err != nil {
			return err
		}
		return p.add(n)
	}
	if d.Type == ValueSetType {
		object, err := parseJSON(raw)
		if err != nil {
			return err
		}
		res := tree{object, t.path + ".resource", t.err}
		if got := res.text("resourceType"); got != "ValueSet" && *t.err == nil {
			return elementError(terminology.Invalid, res.path+".resourceType", "want ValueSet, not %q", got)
		}
		n.ValueSet = readValueSet(res)
	} else if err := n.readValue(t); err != nil {
		return err
	}
	if *t.err != nil {
		return *t.err
	}
	if !d.Type.complex() && n.Text == "" {
		return nil
	}
	return p.add(n)
}

// readValue reads the value[x] of a parameter. Types that are written alike, such
// as code, uri and canonical, stand for each other.
func (n *Parameter) readValue(t tree) error {
	key, err := valueKey(t)
	if err != nil {
		return err
	}
	n.Expression = t.path + "." + key
	d := n.Definition
	wrong := func() error {
		if want := d.Type.member(); key != want {
			return elementError(terminology.Invalid, n.Expression, "parameter '%s' is a %s: want %s, not %s", d.Name, d.Type, want, key)
		}
		return elementError(terminology.Invalid, n.Expression, "parameter '%s' is a %s, and %s is not %s", d.Name, d.Type, key, jsonType(t.object[key]))
	}
	switch d.Type {
	case CodingType:
		c, ok := t.child(key)
		if !ok || key != "valueCoding" {
			return wrong()
		}
		coding := readCoding(c)
		n.Coding = &coding
	case CodeableConceptType:
		c, ok := t.child(key)
		if !ok || key != "valueCodeableConcept" {
			return wrong()
		}
		n.Concept = readConcept(c)
	case Boolean:
		v, ok := t.object[key].(bool)
		if !ok || key != "valueBoolean" {
			return wrong()
		}
		n.Text = strconv.FormatBool(v)
	case Integer:
		v, ok := t.object[key].(json.Number)
		if !ok || !slices.Contains(numberValues, key) {
			return wrong()
		}
		n.Text = v.String()
	default:
		v, ok := t.object[key].(string)
		if !ok || !slices.Contains(textValues, key) {
			return wrong()
		}
		n.Text = v
	}
	return nil
}

// The members of a parameter that are written as a number, and as a string.
var (
	numberValues = []string{"valueInteger", "valueUnsignedInt", "valuePositiveInt", "valueInteger64", "valueDecimal"}
	textValues   = []string{"valueString", "valueCode", "valueUri", "valueUrl", "valueCanonical", "valueId", "valueOid", "valueUuid", "valueMarkdown",
		"valueDate", "valueDateTime", "valueInstant", "valueTime", "valueBase64Binary"}
)

// valueKey returns the one member that begins with "value".
func valueKey(t tree) (string, error) {
	var keys []string
	for key := range t.object {
		if strings.HasPrefix(key, "value") {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	switch len(keys) {
	case 0:
		return "", elementError(terminology.Invalid, t.path, "parameter '%s' has no value", t.text("name"))
	case 1:
		return keys[0], nil
	}
	return "", elementError(terminology.Invalid, t.path, "parameter '%s' has two values: %s", t.text("name"), strings.Join(keys, " and "))
}

// anyText returns the value of a parameter that is not read further.
func anyText(object map[string]any) string {
	for key, v := range object {
		if !strings.HasPrefix(key, "value") {
			continue
		}
		switch v := v.(type) {
		case string:
			return v
		case bool:
			return strconv.FormatBool(v)
		case json.Number:
			return v.String()
		}
	}
	return ""
}
