package resource

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

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

// lists are the elements that JSON has as arrays also when there is one, by the element
// that they are in; those with * wherever they are.
var lists = func() map[string]bool {
	m := map[string]bool{}
	for parent, names := range map[string]string{
		"*": "extension modifierExtension identifier contact telecom useContext jurisdiction coding contained", "Bundle": "entry link", "meta": "profile security tag",
		"CodeSystem": "filter property concept", "concept": "designation property concept", "filter": "operator", "designation": "additionalUse",
		"compose": "include exclude property", "include": "concept filter valueSet", "exclude": "concept filter valueSet",
		"expansion": "parameter property contains", "contains": "designation property contains", "property": "subProperty",
		"ConceptMap": "group property additionalAttribute", "group": "element", "element": "target", "target": "property dependsOn product",
		"NamingSystem": "uniqueId",
	} {
		for _, name := range strings.Fields(names) {
			m[parent+"/"+name] = true
		}
	}
	return m
}()

// bare are the elements whose values are not strings in JSON.
var bare = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields("valueBoolean experimental caseSensitive compositional versionNeeded inactive immutable abstract noMap preferred userSelected " +
		"valueInteger valueDecimal valuePositiveInt valueUnsignedInt count total offset") {
		m[name] = true
	}
	return m
}()

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
	w.members(n)
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

// members writes the elements in an element, those of one name together.
func (w *jsonWriter) members(n *node) {
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
		w.member(n, c.name, same)
	}
}

func (w *jsonWriter) member(parent *node, name string, same []*node) {
	list := len(same) > 1 || lists[parent.name+"/"+name] || lists["*/"+name]
	primitive := func(n *node) bool { return n.valued }
	if !slices.ContainsFunc(same, primitive) {
		w.key(name, same[0].line)
		w.values(same, list, w.object)
		return
	}
	w.key(name, same[0].line)
	w.values(same, list, w.primitive)
	if slices.ContainsFunc(same, func(n *node) bool { return len(n.children) > 0 || n.id != "" }) {
		w.key("_"+name, same[0].line)
		w.values(same, list, w.object)
	}
}

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

func (w *jsonWriter) primitive(n *node) {
	if bare[n.name] && isBare(n.value) {
		w.b = append(w.b, n.value...)
		return
	}
	w.str(n.value)
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

func (w *jsonWriter) object(n *node) {
	for ; w.line < n.line; w.line++ {
		w.b = append(w.b, '\n')
	}
	if (n.name == "resource" || n.name == "contained") && len(n.children) == 1 {
		w.resource(n.children[0])
		return
	}
	w.b = append(w.b, '{')
	w.members(n)
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
