package httpscript

import (
	"encoding/xml"
	"errors"
	"io"
	"sort"
	"strings"
)

// node is an element of XML with all that it holds, in its order.
type node struct {
	name       string
	space      string
	attributes [][2]string // sorted; without namespaces
	children   []*node
	text       string // between elements, without the blanks at its ends
}

// readNode reads the one element of a text.
func readNode(text string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	root := &node{}
	open := []*node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		at := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, space: t.Name.Space}
			for _, a := range t.Attr {
				if a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
					n.attributes = append(n.attributes, [2]string{a.Name.Local, a.Value})
				}
			}
			sort.Slice(n.attributes, func(i, k int) bool { return n.attributes[i][0] < n.attributes[k][0] })
			at.children = append(at.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			at.text += strings.TrimSpace(string(t))
		}
	}
	if len(root.children) != 1 {
		return nil, errors.New("want one element")
	}
	return root.children[0], nil
}

// value is the element as values of JSON, for comparison.
func (n *node) value() any {
	v := map[string]any{"<": n.name, "xmlns": n.space}
	for _, a := range n.attributes {
		v["@"+a[0]] = a[1]
	}
	if n.text != "" {
		v["text"] = n.text
	}
	var children []any
	for _, c := range n.children {
		children = append(children, c.value())
	}
	if children != nil {
		v["children"] = children
	}
	return v
}

// write lays the element out: in one line where that is short.
func (n *node) write(b *strings.Builder, indent, space string) {
	line := n.line(space)
	if len(indent)+len(line) <= lineWidth || len(n.children) == 0 {
		b.WriteString(indent + line + "\n")
		return
	}
	b.WriteString(indent + "<" + n.opening(space) + ">\n")
	if n.text != "" {
		b.WriteString(indent + "  " + escape(n.text) + "\n")
	}
	for _, c := range n.children {
		c.write(b, indent+"  ", n.space)
	}
	b.WriteString(indent + "</" + n.name + ">\n")
}

func (n *node) opening(space string) string {
	s := n.name
	if n.space != space {
		s += ` xmlns="` + escape(n.space) + `"`
	}
	for _, a := range n.attributes {
		s += " " + a[0] + `="` + escape(a[1]) + `"`
	}
	return s
}

func (n *node) line(space string) string {
	if len(n.children) == 0 && n.text == "" {
		return "<" + n.opening(space) + "/>"
	}
	s := "<" + n.opening(space) + ">" + escape(n.text)
	for _, c := range n.children {
		s += c.line(n.space)
	}
	return s + "</" + n.name + ">"
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
