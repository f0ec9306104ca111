package fhir

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/kodeks/kodeks/pkg/codesystem/resource/element"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// ReadXML returns a resource in XML as JSON, of a version of FHIR. The error is Invalid
// and says line and element.
func ReadXML(v Version, data []byte) ([]byte, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(name string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the XML is in %s: FHIR is in UTF-8", name)
	}
	r := xmlReader{d: d, version: v, data: data}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil, r.fail("", errors.New("the XML has no element"))
		}
		if err != nil {
			return nil, r.fail("", err)
		}
		start, ok := token.(xml.StartElement)
		if _, directive := token.(xml.Directive); directive {
			return nil, r.fail("", errors.New("the XML has a DOCTYPE, which FHIR has not"))
		}
		if !ok {
			continue
		}
		out, err := r.resource(start, start.Name.Local, 0)
		if err != nil {
			return nil, err
		}
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return out, nil
			}
			if err != nil {
				return nil, r.fail("", err)
			}
			if _, more := token.(xml.StartElement); more {
				return nil, r.fail("", errors.New("more elements after the resource"))
			}
		}
	}
}

type xmlReader struct {
	d       *xml.Decoder
	version Version
	data    []byte
}

func (r *xmlReader) fail(path string, err error) error {
	line, column := r.d.InputPos()
	err = fmt.Errorf("line %d, column %d: %w", line, column, err)
	if path != "" {
		err = &ElementError{path, err}
	}
	return &terminology.Error{Op: "fhir.ReadXML", Kind: terminology.Invalid, Err: err}
}

func (r *xmlReader) resource(start xml.StartElement, path string, depth int) ([]byte, error) {
	s := element.Of(start.Name.Local)
	if start.Name.Space != xmlNamespace || s == nil || !s.Resource {
		return nil, r.fail(path, fmt.Errorf("found element '%s' of namespace '%s', want a resource of %s such as ValueSet", start.Name.Local, start.Name.Space, xmlNamespace))
	}
	return r.object(s, start, path, append(append([]byte(`{"resourceType":"`), s.Name...), '"'), depth)
}

// gathered is what was read of one element name.
type gathered struct {
	values, siblings [][]byte // of each; nil: none
}

// object reads the elements in an element and writes them after what is open already.
func (r *xmlReader) object(s *element.Type, start xml.StartElement, path string, open []byte, depth int) ([]byte, error) {
	if depth > maxNested {
		return nil, r.fail(beginning(path), fmt.Errorf("elements stand in each other more than %d deep", maxNested))
	}
	got := make([]gathered, len(s.Elements))
	for _, a := range start.Attr {
		switch {
		case a.Name.Local == "xmlns" || a.Name.Space == "xmlns" || a.Name.Space == "http://www.w3.org/2001/XMLSchema-instance":
		case a.Name.Space == "" && (a.Name.Local == "id" && !s.Resource || a.Name.Local == "url" && s.Name == "Extension"):
			i, _ := s.Index(a.Name.Local)
			g := &got[i]
			g.values, g.siblings = append(g.values, AppendString(nil, a.Value)), append(g.siblings, nil)
		default:
			return nil, r.fail(path, fmt.Errorf("%s has no attribute '%s'", s.Name, a.Name.Local))
		}
	}
	for {
		from := r.d.InputOffset()
		token, err := r.d.Token()
		if err != nil {
			return nil, r.fail(path, err)
		}
		switch t := token.(type) {
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return nil, r.fail(path, errors.New("found text: FHIR has values in attributes"))
			}
		case xml.EndElement:
			return r.write(s, got, open)
		case xml.StartElement:
			e := s.Find(t.Name.Local)
			if e == nil || t.Name.Space != xmlNamespace && e.Type != "xhtml" || s.Name == "Extension" && e.Name == "url" || !s.Resource && e.Name == "id" {
				return nil, r.fail(path, fmt.Errorf("%s has no element '%s'", s.Name, t.Name.Local))
			}
			i, _ := s.Index(e.Name)
			g := &got[i]
			place := path + "." + e.Name
			if isList(e, r.version) {
				place += "[" + strconv.Itoa(len(g.values)) + "]"
			} else if len(g.values) > 0 {
				return nil, r.fail(place, errors.New("the element is given twice"))
			}
			value, sibling, err := r.value(e, t, place, from, depth)
			if err != nil {
				return nil, err
			}
			g.values, g.siblings = append(g.values, value), append(g.siblings, sibling)
		}
	}
}

// value reads one element; of a primitive also what stands in it.
func (r *xmlReader) value(e *element.Element, start xml.StartElement, path string, from int64, depth int) (value, sibling []byte, err error) {
	switch {
	case e.Type == "xhtml":
		if start.Name.Space != xhtmlNamespace {
			return nil, nil, r.fail(path, fmt.Errorf("the narrative is not in namespace %s", xhtmlNamespace))
		}
		if err := r.d.Skip(); err != nil {
			return nil, nil, r.fail(path, err)
		}
		return AppendString(nil, string(bytes.TrimSpace(r.data[from:r.d.InputOffset()]))), nil, nil
	case e.Type == "Resource":
		value, err = r.contained(path, depth)
		return value, nil, err
	case !element.IsPrimitive(e.Type):
		value, err = r.object(element.Of(e.Type), start, path, []byte("{"), depth+1)
		return value, nil, err
	}
	rest := start.Copy()
	rest.Attr = rest.Attr[:0]
	for _, a := range start.Attr {
		if a.Name.Space != "" || a.Name.Local != "value" {
			rest.Attr = append(rest.Attr, a)
			continue
		}
		if value, err = primitiveJSON(e.Type, a.Value); err != nil {
			return nil, nil, r.fail(path, err)
		}
	}
	sibling, err = r.object(element.Base, rest, path, []byte("{"), depth+1)
	if string(sibling) == "{}" {
		sibling = nil
	}
	if err == nil && value == nil && sibling == nil {
		err = r.fail(path, errors.New("the element has neither value nor extension"))
	}
	return value, sibling, err
}

// contained reads the one resource in an element.
func (r *xmlReader) contained(path string, depth int) ([]byte, error) {
	var out []byte
	for {
		token, err := r.d.Token()
		if err != nil {
			return nil, r.fail(path, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if out != nil {
				return nil, r.fail(path, errors.New("found two resources, want one"))
			}
			if out, err = r.resource(t, path, depth+1); err != nil {
				return nil, err
			}
		case xml.EndElement:
			if out == nil {
				return nil, r.fail(path, errors.New("found no resource in the element"))
			}
			return out, nil
		}
	}
}

func primitiveJSON(typ, text string) ([]byte, error) {
	switch {
	case text == "":
		return nil, errors.New("the value is empty")
	case typ == "boolean":
		if text != "true" && text != "false" {
			return nil, fmt.Errorf("found %q, want true or false", text)
		}
		return []byte(text), nil
	case element.IsNumber(typ):
		if !validNumber(text) {
			return nil, fmt.Errorf("found %q, want a number", text)
		}
		return []byte(text), nil
	}
	return AppendString(nil, text), nil
}

// validNumber reports whether text is a number of JSON.
func validNumber(text string) bool {
	if text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	return jsonValid(text)
}

// write writes what was gathered in the order of the table.
func (r *xmlReader) write(s *element.Type, got []gathered, dst []byte) ([]byte, error) {
	for i := range got {
		g, e := &got[i], &s.Elements[i]
		if len(g.values) == 0 {
			continue
		}
		for _, part := range []struct {
			name string
			list [][]byte
		}{{e.Name, g.values}, {"_" + e.Name, g.siblings}} {
			if allNil(part.list) {
				continue
			}
			dst = appendKey(dst, part.name)
			if !isList(e, r.version) {
				dst = append(dst, part.list[0]...)
				continue
			}
			dst = append(dst, '[')
			for n, v := range part.list {
				if n > 0 {
					dst = append(dst, ',')
				}
				if v == nil {
					v = []byte("null")
				}
				dst = append(dst, v...)
			}
			dst = append(dst, ']')
		}
	}
	return append(dst, '}'), nil
}

func allNil(list [][]byte) bool {
	for _, v := range list {
		if v != nil {
			return false
		}
	}
	return true
}

func jsonValid(text string) bool { return json.Valid([]byte(text)) }
