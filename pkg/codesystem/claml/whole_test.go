package claml_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/claml"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
)

// item is an item of WHO's ICD-10 in its other form.
type item struct {
	Kind  string `xml:"type,attr"`
	Code  string `xml:"name"`
	Title string `xml:"description"`
	Items []item `xml:"item"`
}

// TestWhole reads all of ICD-10 as ClaML, made of the published file in another form:
// the same codes with the same titles under the same parents.
func TestWhole(t *testing.T) {
	file := tabulartest.Real(t, "icd10-who/icd_10_v2019.xml")
	in, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var root item
	if err := xml.NewDecoder(in).Decode(&root); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`<!DOCTYPE ClaML SYSTEM "ClaML.dtd"><ClaML version="2.0.0"><Identifier authority="WHO" uid="x"/><Title name="ICD-10" version="2019"/>`)
	all := map[string]item{}
	parents := map[string]string{}
	var write func(parent string, items []item)
	write = func(parent string, items []item) {
		for _, it := range items {
			all[it.Code], parents[it.Code] = it, parent
			kind := strings.TrimPrefix(it.Kind, "sub")
			fmt.Fprintf(&b, "<Class code=%q kind=%q>", it.Code, kind)
			if parent != "" {
				fmt.Fprintf(&b, "<SuperClass code=%q/>", parent)
			}
			for _, child := range it.Items {
				fmt.Fprintf(&b, "<SubClass code=%q/>", child.Code)
			}
			b.WriteString(`<Rubric kind="preferred"><Label xml:lang="en">`)
			xml.EscapeText(&b, []byte(it.Title))
			b.WriteString("</Label></Rubric></Class>\n")
			write(it.Code, it.Items)
		}
	}
	write("", root.Items)
	b.WriteString("</ClaML>")

	start := time.Now()
	sink, release := read(t, b.String(), options)
	t.Logf("%d classes, %d bytes in %v", len(sink.Concepts), b.Len(), time.Since(start))
	if len(sink.BadRows) > 0 || len(sink.Concepts) != len(all) || len(all) != 12542 || release.System != claml.ICD10 {
		t.Fatalf("%d concepts of %d, bad rows %v", len(sink.Concepts), len(all), sink.BadRows)
	}
	for code, it := range all {
		if sink.Display(code) != strings.Join(strings.Fields(it.Title), " ") || strings.Join(sink.Parents[code], " ") != parents[code] {
			t.Fatalf("%s is %q under %v", code, sink.Display(code), sink.Parents[code])
		}
	}
}

// BenchmarkRead reads one class over and over, as in a file of many.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString("<ClaML><Title name='ICD-10-GM' version='2025'/>")
	for i := range 10_000 {
		fmt.Fprintf(&text, "<Class code='A%02d.%02d' kind='category'><Rubric kind='preferred'><Label xml:lang='de'>Nummer %d</Label></Rubric></Class>", i/100, i%100, i)
	}
	text.WriteString("</ClaML>")
	file := tabulartest.File("f", text.String())
	b.SetBytes(file.Size)
	b.ReportAllocs()
	for b.Loop() {
		src, err := claml.NewSource(file, options)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := src.Read(context.Background(), tabulartest.NewSink()); err != nil {
			b.Fatal(err)
		}
	}
}
