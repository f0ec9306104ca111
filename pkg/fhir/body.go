package fhir

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// ReadBody adds the parameters of a JSON body: a Parameters resource, or the one
// resource that the operation takes, such as a ValueSet for ValueSet/$expand.
func (p *Parameters) ReadBody(body []byte) error {
	object, err := parseJSON(body)
	if err != nil {
		return err
	}
	kind, _ := object["resourceType"].(string)
	t := newTree(object, kind)
	if kind == "Parameters" {
		raw, err := rawResources(body)
		if err != nil {
			return err
		}
		items := t.objects("parameter")
		if *t.err != nil {
			return *t.err
		}
		for i, item := range items {
			if err := p.readItem(item, raw[i].Resource); err != nil {
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

// item is one item of Parameters.parameter, with its resource as it came.
type item struct {
	Resource json.RawMessage `json:"resource"`
	Part     []struct {
		Resource json.RawMessage `json:"resource"`
	} `json:"part"`
}

// rawResources returns the items of a Parameters resource in their order.
func rawResources(body []byte) ([]item, error) {
	var whole struct {
		Parameter []item `json:"parameter"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")), &whole); err != nil {
		return nil, elementError(terminology.Invalid, "Parameters.parameter", "%v", err)
	}
	return whole.Parameter, nil
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
	d, err := p.define(name, t.path)
	if err != nil {
		return err
	}
	n := Parameter{Definition: d, Expression: t.path}
	if d.Use != Supported {
		n.Text = anyText(t.object)
		return p.add(n)
	}
	if d.Type == ResourceType {
		if _, ok := t.child("resource"); !ok {
			return elementError(terminology.Invalid, t.path, "parameter '%s' has no resource", name)
		}
		n.Raw = raw
		return p.add(n)
	}
	if d.Type == DependencyType {
		if n.Dependency, err = readDependency(t); err != nil {
			return err
		}
		return p.add(n)
	}
	if d.Type == ValueSetType {
		n.Raw = raw
		res, ok := t.child("resource")
		if !ok {
			return elementError(terminology.Invalid, t.path, "parameter '%s' has no resource", name)
		}
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
		return elementError(terminology.Invalid, n.Expression, "parameter '%s' is a %s", d.Name, d.Type)
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
		if !ok {
			return wrong()
		}
		n.Text = strconv.FormatBool(v)
	case Integer:
		v, ok := t.object[key].(json.Number)
		if !ok {
			return wrong()
		}
		n.Text = v.String()
	default:
		v, ok := t.object[key].(string)
		if !ok {
			return wrong()
		}
		n.Text = v
	}
	return nil
}

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
