package markup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/codesystem/markup"
	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// outline writes what a reader sees of an element: [name text, attributes, children].
func outline(e *markup.Element, b *strings.Builder) error {
	fmt.Fprintf(b, "[%s:%d", e.Name, e.Line())
	err := e.Mixed(func(s string) error {
		if s = strings.TrimSpace(s); s != "" {
			fmt.Fprintf(b, " %s", s)
		}
		return nil
	}, func(child *markup.Element) error { return outline(child, b) })
	b.WriteString("]")
	return err
}

func scan(content string) (string, *tabulartest.Sink, error) {
	sink := tabulartest.NewSink()
	var b strings.Builder
	err := markup.Scan(context.Background(), tabulartest.File("f.xml", content), sink, func(e *markup.Element) error { return outline(e, &b) })
	return b.String(), sink, err
}

func TestScan(t *testing.T) {
	for _, tt := range []struct{ name, content, want string }{
		{"lines of nested elements", "<a>\n <b x='1'/>\n <c>t<d/>u</c></a>\n", "[a:1[b:2][c:3 t[d:3] u]]"},
		{"declaration, byte order mark, comments", "\ufeff<?xml version='1.0' encoding='utf-8'?>\n<!-- x --><a>æ<!-- y -->ø<?p q?></a>", "[a:2 æ ø]"},
		{"a DOCTYPE with an external DTD is passed over", "<!DOCTYPE ClaML SYSTEM \"ClaML.dtd\">\n<ClaML/>", "[ClaML:2]"},
		{"an entity that is declared and not used", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&amp;&#230;</a>", "[a:1 &æ]"},
		{"the characters of Windows-1252", "<?xml version='1.0' encoding='windows-1252'?><a>\x86 \xe6\x96</a>", "[a:1 † æ–]"},
		{"the characters of ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>bl\xe5 \xc6r\xf8</a>", "[a:1 blå Ærø]"},
		{"namespaces", "<x:a xmlns:x='urn:x' xmlns='urn:y'><b x:c='1'/></x:a>", "[a:1[b:1]]"},
		{"CDATA", "<a><![CDATA[<b>&]]></a>", "[a:1 <b>&]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, sink, err := scan(tt.content)
			if got != tt.want || err != nil || sink.Bytes != len(tt.content) {
				t.Errorf("Scan = %q, %v after %d bytes, want %q after %d", got, err, sink.Bytes, tt.want, len(tt.content))
			}
		})
	}
}

func TestScanRefuses(t *testing.T) {
	bomb := "<!DOCTYPE a [<!ENTITY l 'lol'>\n<!ENTITY m '&l;&l;&l;&l;&l;&l;'>]>\n<a>\n&m;</a>"
	for _, tt := range []struct{ name, content, want string }{
		{"entity bomb", bomb, "f.xml:4: invalid character entity &m;: only &amp; &lt; &gt; &quot; &apos; and numbers are read, and no entity that a file declares"},
		{"external entity", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a b='&x;'/>", "f.xml:1: invalid character entity &x;: only &amp; &lt; &gt; &quot; &apos; and numbers are read, and no entity that a file declares"},
		{"truncated", "<a>\n<b>\n", "f.xml:3: the file ends inside <b>: it is truncated, fetch it again"},
		{"truncated in a tag", "<a>\n<b c=", "f.xml:2: the file ends inside <a>: it is truncated, fetch it again"},
		{"empty", "", "f.xml:1: the file holds no XML element"},
		{"comment only", "<!-- x", "f.xml:1: the file ends before its first element: it is truncated, fetch it again"},
		{"mismatched tags", "<a>\n</b>", "f.xml:2: not well-formed XML: element <a> closed by </b>"},
		{"text first", "code;text\n", "f.xml:1: text before the first element: this is no XML"},
		{"two roots", "<a/>\n<b/>", "f.xml:2: <b> after the end of <a>: want one element around the whole file"},
		{"text after", "<a/>\nb", "f.xml:1: text after the end of <a>"},
		{"not UTF-8", "<a>\n\xe6\xe6</a>", "f.xml:2: the text is not UTF-8: correct the encoding in the first line, or save the file as UTF-8"},
		{"UTF-16", "\xff\xfe<\x00a\x00", "f.xml:1: the text is UTF-16: save it as UTF-8 and import again"},
		{"another encoding", "<?xml version='1.0' encoding='KOI8-R'?><a/>", `f.xml:1: the encoding "KOI8-R" is not supported: save the file as UTF-8 and import again`},
		{"UTF-8 declared as ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>blå</a>", "f.xml:1: the file says that its encoding is ISO-8859-1, but its text is UTF-8: correct the first line"},
		{"Windows-1252 declared as ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\n\x86</a>", "f.xml:2: the file says that its encoding is ISO-8859-1, but has the byte 0x86: is it UTF-8 or Windows-1252?"},
		{"UTF-8 with a mark declared as Windows-1252", "\ufeff<?xml version='1.0' encoding='cp1252'?><a/>", `f.xml:1: the file says that its encoding is cp1252, but begins as UTF-8`},
		{"æ in ASCII", "<?xml version='1.0' encoding='us-ascii'?><a>\xe6</a>", "f.xml:1: the file says that its encoding is us-ascii, but has the byte 0xe6"},
		{"deep", strings.Repeat("<a>", 101), "f.xml:1: <a> is inside 100 other elements, more than is read"},
		{"long attribute", "<a b='" + strings.Repeat("x", markup.MaxToken) + "'/>", "f.xml:1: a tag, text or comment is longer than 1048576 bytes"},
		{"long DOCTYPE", "<!DOCTYPE a [" + strings.Repeat("x", markup.MaxToken) + "]><a/>", "f.xml:1: a tag, text or comment is longer than 1048576 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := scan(tt.content)
			if err == nil || terminology.Message(err) != tt.want || terminology.KindOf(err) != terminology.Invalid {
				t.Errorf("Scan: %v\nwant %s", err, tt.want)
			}
		})
	}
}

// TestFetchesNothing reads a file that names what is outside of it in every way.
func TestFetchesNothing(t *testing.T) {
	opened := 0
	file := tabulartest.File("f.xml", `<!DOCTYPE a PUBLIC "-//x" "http://127.0.0.1:1/x.dtd"><?xml-stylesheet href="http://127.0.0.1:1/x"?><a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="other.xml"/></a>`)
	open := file.Open
	file.Open = func() (io.ReadCloser, error) { opened++; return open() }
	err := markup.Scan(context.Background(), file, tabulartest.NewSink(), func(e *markup.Element) error { return nil })
	if err != nil || opened != 1 {
		t.Errorf("Scan: %v after opening %d files", err, opened)
	}
}

func TestGzip(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	io.WriteString(w, "\ufeff<a>\n<b/></a>")
	w.Close()
	got, sink, err := scan(packed.String())
	if got != "[a:1[b:2]]" || err != nil || sink.Bytes != packed.Len() {
		t.Errorf("Scan = %q, %v after %d bytes, want all %d", got, err, sink.Bytes, packed.Len())
	}
	if _, _, err := scan(packed.String()[:packed.Len()-9]); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Scan of a cut gzip: %v", err)
	}
}

func TestLongText(t *testing.T) {
	content := "<a><b>" + strings.Repeat("<c>"+strings.Repeat("x", 1000)+"</c>", markup.MaxText/1000+1) + "</b></a>"
	err := markup.Scan(context.Background(), tabulartest.File("f", content), tabulartest.NewSink(), func(e *markup.Element) error {
		_, err := e.Text()
		return err
	})
	if err == nil || terminology.Message(err) != "f:1:c: its text is longer than 1048576 bytes" {
		t.Errorf("Text: %v", err)
	}
}

func TestRecords(t *testing.T) {
	sink := tabulartest.NewSink()
	var read []string
	content := "<a xml:lang='nb'>\n<b code=' x '>1<c/></b>\n<b code=''>2<c><d/></c></b>\n<b xml:lang='nn' code='y'>3 <i>4\n</i></b></a>"
	err := markup.Scan(context.Background(), tabulartest.File("f", content), sink, func(e *markup.Element) error {
		return e.Records(func(b *markup.Element) error {
			if b.Attr("code") == "" {
				return b.Each(func(c *markup.Element) error { return b.Bad("code", "is empty") })
			}
			text, err := b.Text()
			read = append(read, b.Attr("code")+" "+b.Lang+" "+text)
			return err
		})
	})
	if err != nil || len(sink.BadRows) != 1 || sink.BadRows[0].Error() != "f:3:b/code: is empty" {
		t.Errorf("Records: %v, bad rows %v", err, sink.BadRows)
	}
	if diff := cmp.Diff([]string{"x nb 1", "y nn 3 4"}, read); diff != "" {
		t.Error(diff)
	}
}

// TestRecordsEnd tells an error of form, which ends the reading, from a bad record.
func TestRecordsEnd(t *testing.T) {
	sink := tabulartest.NewSink()
	err := markup.Scan(context.Background(), tabulartest.File("f", "<a><b>x</c></b><b/></a>"), sink, func(e *markup.Element) error {
		return e.Records(func(b *markup.Element) error { _, err := b.Text(); return err })
	})
	var row *terminology.RowError
	if !errors.As(err, &row) || len(sink.BadRows) > 0 {
		t.Errorf("Scan: %v, bad rows %v", err, sink.BadRows)
	}
}

func TestCount(t *testing.T) {
	for content, want := range map[string]string{
		"<a count='2'/>": "", "<a/>": "", "<a count='3'/>": `f:1:a/count: says "3" and holds 2: it is not whole`,
	} {
		err := markup.Scan(context.Background(), tabulartest.File("f", content), tabulartest.NewSink(), func(e *markup.Element) error { return e.Count(2) })
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v, want %q", content, err, want)
		}
	}
}

func TestScanStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := markup.Scan(ctx, tabulartest.File("f", "<a>"+strings.Repeat("<b/>", 2000)+"</a>"), tabulartest.NewSink(), func(*markup.Element) error { return nil })
	if terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Scan after cancel: %v", err)
	}
}

func TestSniff(t *testing.T) {
	root, err := markup.Sniff(strings.NewReader("\ufeff<?xml version='1.0'?><!DOCTYPE ClaML SYSTEM 'x'><m:ClaML xmlns:m='urn:x' version='2.0.0'><b"), "f")
	if root.Name != "ClaML" || root.Space != "urn:x" || root.Attr("version") != "2.0.0" || err != nil {
		t.Errorf("Sniff = %+v, %v", root, err)
	}
	if _, err := markup.Sniff(strings.NewReader("<?xml version='1.0'?> x <a/>"), "f"); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("Sniff of no XML: %v", err)
	}
}

func Example() {
	file := tabulartest.File("codes.xml", `<!DOCTYPE codes SYSTEM "codes.dtd"><codes xml:lang="nb"><code id="A00">Kolera</code></codes>`)
	err := markup.Scan(context.Background(), file, tabulartest.NewSink(), func(root *markup.Element) error {
		return root.Records(func(e *markup.Element) error {
			text, err := e.Text()
			fmt.Println(e.Attr("id"), e.Lang, text)
			return err
		})
	})
	fmt.Println(err)

	file = tabulartest.File("codes.xml", "<codes>\n<code id=\"A00\">Kolera")
	err = markup.Scan(context.Background(), file, tabulartest.NewSink(), func(*markup.Element) error { return nil })
	fmt.Println(terminology.Message(err))
	// Output:
	// A00 nb Kolera
	// <nil>
	// codes.xml:2: the file ends inside <code>: it is truncated, fetch it again
}

// FuzzScan states what holds for every input: reading ends; a file is accepted or
// not whatever the reader takes of it, and then read to its last byte; and what is
// accepted has one root and is well-formed for encoding/xml too.
func FuzzScan(f *testing.F) {
	f.Add("<a><b x='1'>t</b></a>")
	f.Add("\ufeff<?xml version='1.0' encoding='windows-1252'?><a>\x86</a>")
	f.Add("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>")
	f.Add("<?xml version='1.0' encoding='ISO-8859-1'?><a>bl\xe5 \xc3\xa6</a>")
	f.Fuzz(func(t *testing.T, content string) {
		_, sink, err := scan(content)
		skipped := markup.Scan(context.Background(), tabulartest.File("f", content), tabulartest.NewSink(), func(*markup.Element) error { return nil })
		if (err == nil) != (skipped == nil) {
			t.Fatalf("read: %v, passed over: %v", err, skipped)
		}
		if err != nil {
			return
		}
		if sink.Bytes != len(content) {
			t.Fatalf("%d of %d bytes were read", sink.Bytes, len(content))
		}
		d := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(content, "\ufeff")))
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) {
			b, err := io.ReadAll(r) // the characters do not matter to the form
			for i := range b {
				b[i] &= 0x7f
				if b[i] < ' ' {
					b[i] = 'x'
				}
			}
			return strings.NewReader(string(b)), err
		}
		roots, depth := 0, 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				if d.InputOffset() > 0 && strings.Contains(content, "encoding") {
					return // the stand-in for an encoding may make other names
				}
				t.Fatalf("accepted, but encoding/xml says %v", err)
			}
			switch token.(type) {
			case xml.StartElement:
				if depth++; depth == 1 {
					roots++
				}
			case xml.EndElement:
				depth--
			}
		}
		if roots != 1 || depth != 0 {
			t.Fatalf("accepted with %d roots", roots)
		}
	})
}
