package resource

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/resource/element"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// namespace is that of FHIR in XML; all of a resource is in it but its narrative.
const namespace = "http://hl7.org/fhir"

// node is one element of a resource in XML.
type node struct {
	name, id, value string
	valued          bool // has a value, though it may be empty
	children        []*node
	line            int
}

// isMarkup reports whether text begins as a resource in XML.
func isMarkup(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(text) == 0 || text[0] != '<' {
		return false
	}
	d := decoder(text)
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Space == namespace
		}
	}
}

// decoder reads XML. It fetches nothing, and knows no entities but the five of XML.
func decoder(data []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(name string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the XML is in %s: FHIR is in UTF-8", name)
	}
	return d
}

// fromMarkup returns a resource in XML as JSON, every element on the line on which it
// stands in the XML. Its narrative is left out.
func fromMarkup(data []byte, file string) ([]byte, error) {
	d := decoder(data)
	root := &node{line: 1}
	if err := root.read(d, 0); err != nil {
		line, _ := d.InputPos()
		return nil, &terminology.RowError{File: file, Line: line, Err: err}
	}
	if len(root.children) != 1 {
		return nil, &terminology.RowError{File: file, Line: 1, Err: fmt.Errorf("found %d elements, want one FHIR resource", len(root.children))}
	}
	w := jsonWriter{line: 1}
	w.resource(root.children[0])
	return w.b, nil
}

// read reads what is inside an element.
func (n *node) read(d *xml.Decoder, depth int) error {
	if depth > maxDepth/2 {
		return fmt.Errorf("the XML is nested more than %d deep", maxDepth/2)
	}
	for {
		token, err := d.Token()
		if err == io.EOF && depth == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Space != namespace {
				if depth == 0 {
					return errors.New("the first element is not of FHIR")
				}
				if err := d.Skip(); err != nil {
					return err
				}
				continue
			}
			line, _ := d.InputPos()
			child := &node{name: token.Name.Local, line: line}
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "value":
					child.value, child.valued = a.Value, true
				case "id":
					child.id = a.Value
				case "url": // of an extension
					child.children = append(child.children, &node{name: "url", value: a.Value, valued: true, line: line})
				}
			}
			n.children = append(n.children, child)
			if err := child.read(d, depth+1); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// jsonWriter writes elements as JSON.
type jsonWriter struct {
	b    []byte
	line int
}

func (w *jsonWriter) str(s string) { w.b = appendString(w.b, s) }

// resource writes an element that is a resource.
func (w *jsonWriter) resource(n *node) {
	w.b = append(w.b, `{"resourceType":`...)
	w.str(n.name)
	w.members(n, element.Of(n.name))
	w.b = append(w.b, '}')
}

func (w *jsonWriter) key(name string, line int) {
	if last := w.b[len(w.b)-1]; last != '{' {
		w.b = append(w.b, ',')
	}
	for ; w.line < line; w.line++ {
		w.b = append(w.b, '\n')
	}
	w.str(name)
	w.b = append(w.b, ':')
}

// elementOf returns what the table says of an element of a type, which is nil for a type
// that the table does not have. What is not in the table, such as elements of resources
// that are passed over, is taken as it stands: a list when there are several.
func elementOf(t *element.Type, name string) element.Element {
	if t != nil {
		if e := t.Find(name); e != nil {
			return *e
		}
	}
	switch name {
	case "extension", "modifierExtension":
		return element.Element{Name: name, Type: "Extension", List: element.Many}
	case "contained":
		return element.Element{Name: name, Type: "Resource", List: element.Many}
	case "resource":
		return element.Element{Name: name, Type: "Resource"}
	}
	return element.Element{Name: name}
}

// members writes the elements in an element of a type, those of one name together.
func (w *jsonWriter) members(n *node, t *element.Type) {
	if n.id != "" {
		w.key("id", n.line)
		w.str(n.id)
	}
	done := map[string]bool{}
	for i, c := range n.children {
		if done[c.name] || c.name == "text" && !c.valued {
			continue
		}
		done[c.name] = true
		same := []*node{c}
		for _, other := range n.children[i+1:] {
			if other.name == c.name {
				same = append(same, other)
			}
		}
		w.member(elementOf(t, c.name), same)
	}
}

// member writes the elements of one name. Of a primitive, what it has beside its value
// stands in a member of its own, whose array has null where there is nothing.
func (w *jsonWriter) member(e element.Element, same []*node) {
	list := len(same) > 1 || e.List != element.Single
	valued := slices.ContainsFunc(same, func(n *node) bool { return n.valued })
	if !valued && (e.Type == "" || !element.IsPrimitive(e.Type)) {
		w.key(e.Name, same[0].line)
		w.values(same, list, func(n *node) { w.object(n, e.Type) })
		return
	}
	if valued {
		w.key(e.Name, same[0].line)
		w.values(same, list, func(n *node) { w.primitive(n, e.Type) })
	}
	if slices.ContainsFunc(same, (*node).extended) {
		w.key("_"+e.Name, same[0].line)
		w.values(same, list, w.sibling)
	}
}

// extended reports whether a primitive has more than a value.
func (n *node) extended() bool { return len(n.children) > 0 || n.id != "" }

func (w *jsonWriter) values(same []*node, list bool, write func(*node)) {
	if !list {
		write(same[0])
		return
	}
	w.b = append(w.b, '[')
	for i, n := range same {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		write(n)
	}
	w.b = append(w.b, ']')
}

// primitive writes a value: as a string where it is not what JSON has bare, so that the
// reader of JSON tells what is wrong, and where.
func (w *jsonWriter) primitive(n *node, typ string) {
	switch {
	case !n.valued:
		w.b = append(w.b, "null"...)
	case typ != "" && (typ == "boolean" || element.IsNumber(typ)) && isBare(n.value):
		w.b = append(w.b, n.value...)
	default:
		w.str(n.value)
	}
}

// sibling writes what a primitive has beside its value.
func (w *jsonWriter) sibling(n *node) {
	if !n.extended() {
		w.b = append(w.b, "null"...)
		return
	}
	w.object(n, "")
}

// isBare reports whether text is a boolean or a number of JSON.
func isBare(text string) bool {
	s := newScanner([]byte(text), "", "")
	if text == "true" || text == "false" {
		return true
	}
	s.number()
	s.end()
	return s.err == nil && strings.TrimSpace(text) == text
}

// object writes an element that has elements.
func (w *jsonWriter) object(n *node, typ string) {
	for ; w.line < n.line; w.line++ {
		w.b = append(w.b, '\n')
	}
	if typ == "Resource" && len(n.children) == 1 {
		w.resource(n.children[0])
		return
	}
	w.b = append(w.b, '{')
	w.members(n, element.Of(typ))
	w.b = append(w.b, '}')
}

// appendString writes a string of JSON.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
