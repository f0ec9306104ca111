package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular/tabulartest"
)

// The most that refusing a damaged file may take.
const (
	damagedTime   = 20 * time.Second
	damagedMemory = 512 << 20 // resident, above that of a process that does nothing
)

// TestDamaged imports damaged and hostile files as a process of its own: the error names
// the file, the line where there is one, and what is wrong or expected, soon and within
// bounded memory, and nothing is installed.
func TestDamaged(t *testing.T) {
	var fetched atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fetched.Add(1) }))
	defer server.Close()

	idle := command(t, "version")
	if err := idle.Run(); err != nil {
		t.Fatal(err)
	}
	least, _ := peakMemory(idle.ProcessState)
	workbook := tabulartest.Workbook(tabulartest.Sheet{Name: "Koder", Rows: [][]string{{"Kode", "Tekst uten lengdebegrensning", "Tekst med maksimalt 60 tegn"}, {"A00.0", "Kolera", "Kolera"}}})
	codes := "system#code#text\n" + strings.Repeat("ICD10#A00.0#Kolera\n", 2000)
	fhir := `{"resourceType":"CodeSystem","url":"http://example.org/cs","status":"active","content":"complete","concept":[{"code":"a","display":"A"},` + "\n"
	claml := `<ClaML version="2.0.0"><Title name="ICD-10-GM" version="2025"/><Class code="A00" kind="category"><Rubric kind="preferred"><Label>`
	zeros := strings.Repeat("\x00", 1<<20)
	entities := "<!DOCTYPE ClaML [<!ENTITY a 'lollollollol'>\n" + laughs(20) + "]>\n"
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nsize 54026799\n"
	for _, tt := range []struct {
		name, file string
		content    string
		want       []string // all in the error
	}{
		{"a truncated workbook", "icd10.xlsx", workbook[:len(workbook)-200], []string{"icd10.xlsx", "truncated", "fetch it again"}},
		{"a workbook of a gigabyte", "icd10.xlsx", workbookBomb(t, workbook), []string{"icd10.xlsx", "unpacks to", "no table of codes"}},
		{"a zip of a gigabyte of zeros", "codes.zip", zipped(t, "codes.csv", zeros, 1<<10), []string{"codes.csv"}},
		{"a gzip of a gigabyte of zeros", "codes.csv.gz", gzipped(zeros, zeros, 1<<10), []string{"codes.csv.gz"}},
		{"a gzip of a row of a gigabyte", "codes.csv.gz", gzipped("system#code#text\nICD10#A00.0#", strings.Repeat("x", 1<<20), 1<<10), []string{"codes.csv.gz", "2:"}},
		{"a FHIR package of a gigabyte", "r4.tgz", gzipped(tarHeader(t, 1<<30), zeros, 1<<10), []string{"r4.tgz", "no FHIR package"}},
		{"XML of a gigabyte in a gzip", "gm.xml.gz", gzipped(claml, strings.Repeat("lol ", 1<<18), 1<<10), []string{"gm.xml.gz"}},
		{"an entity bomb", "gm.xml", entities + claml + "&t;</Label></Rubric></Class></ClaML>", []string{"gm.xml:", "&t;", "no entity that a file declares"}},
		{"an external entity", "gm.xml", "<!DOCTYPE ClaML [<!ENTITY t SYSTEM '" + server.URL + "/e'>]>\n" + claml + "&t;</Label></Rubric></Class></ClaML>", []string{"gm.xml:2", "&t;"}},
		{"an external DTD and a cut", "gm.xml", "<!DOCTYPE ClaML SYSTEM '" + server.URL + "/ClaML.dtd'>\n" + claml, []string{"gm.xml:2", "truncated", "fetch it again"}},
		{"Latin-1 under the mark of UTF-8", "icd10.csv", "\ufeffsystem#code#text\nICD10#A00.0#Bl\xe5\n", []string{"icd10.csv:2"}},
		{"UTF-16 that is cut short", "icd10.csv", "\xff\xfes\x00y\x00s\x00t\x00e\x00m\x00#\x00c", []string{"icd10.csv"}},
		{"a wrong encoding of XML", "gm.xml", "<?xml version='1.0' encoding='UTF-8'?>\n" + claml + "Bl\xe5</Label></Rubric></Class></ClaML>", []string{"gm.xml:2", "not UTF-8"}},
		{"a missing column", "icd10.json", `[{"Kode":"A00.0","Gyldig_fra":"1999-01-01T00:00:00","Foreldrekode":"A00","Tekst_med_maksimalt_60_tegn":"Kolera"}]`, []string{"icd10.json", "Tekst_uten_lengdebegrensning"}},
		{"a row of a million columns", "icd10.csv", "system#code#text\nICD10#A00.0#Kolera" + strings.Repeat("#", 1_000_000) + "x\n", []string{"icd10.csv:2", "1000003", "3"}},
		{"a header of a million columns", "icd10.csv", "system#code#text" + strings.Repeat("#x", 1_000_000) + "\nICD10#A00.0#Kolera\n", []string{"icd10.csv:1", "longer than 1048576 bytes"}},
		{"a pointer of Git LFS", "en_product1.xml", pointer, []string{"en_product1.xml", "git lfs pull"}},
		{"a truncated gzip", "codes.csv.gz", half(tabulartest.Gzip(codes)), []string{"codes.csv.gz", "truncated", "fetch it again"}},
		{"a truncated FHIR package", "r4.tgz", half(fhirPackage(t, fhir)), []string{"r4.tgz", "cut short"}},
		{"JSON that is cut short", "icd10.json", `[{"Kode":"A00.0","Tekst_uten_lengdebegrensning":"Kolera","Gyldig_fra":"1999-01-01T00:00:00","Foreldrekode":"A00"},` + "\n" + `{"Kode":"A00.1",`, []string{"icd10.json", "truncated", "fetch it again"}},
		{"FHIR that is cut short", "cs.json", fhir, []string{"cs.json:2", "ends too early"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
			file := filepath.Join(dir, tt.file)
			if err := os.WriteFile(file, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := command(t, "import", file, "--data", data, "--release-version", "2026")
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			start := time.Now()
			err := cmd.Run()
			took := time.Since(start)
			if status := cmd.ProcessState.ExitCode(); err == nil || status != exitUsage && status != exitFailed {
				t.Errorf("status %d, %v, want a failure; %s", status, err, out.String())
			}
			for _, part := range tt.want {
				if !strings.Contains(errs.String(), part) {
					t.Errorf("the error does not say %q", part)
				}
			}
			if n := len(errs.String()); n > 10_000 || strings.Contains(errs.String(), "goroutine ") {
				t.Errorf("an error of %d bytes", n)
			}
			peak, known := peakMemory(cmd.ProcessState)
			if took > damagedTime || known && peak-least > damagedMemory {
				t.Errorf("took %v and %d MiB", took, peak>>20)
			}
			t.Logf("%v, %d MiB: %.300s", took.Round(time.Millisecond), peak>>20, errs.String())
			if left, _ := filepath.Glob(filepath.Join(data, "*", "*", "manifest.json")); len(left) > 0 {
				t.Errorf("installed: %v", left)
			}
		})
	}
	if n := fetched.Load(); n > 0 {
		t.Errorf("%d files were fetched", n)
	}
}

// half cuts a file in the middle.
func half(content string) string { return content[:len(content)/2] }

// laughs declares n entities, each ten times the one before.
func laughs(n int) string {
	var b strings.Builder
	for i := range n {
		name := string(rune('b' + i))
		before := string(rune('a' + i))
		b.WriteString("<!ENTITY " + name + " '" + strings.Repeat("&"+before+";", 10) + "'>\n")
	}
	return b.String()
}

// zipped is a zip of one file: a block n times.
func zipped(t *testing.T, name, block string, n int) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	addRepeated(t, z, name, block, n)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// addRepeated adds a block n times to a zip as one file, and packs it once: a block that
// is flushed stands for itself.
func addRepeated(t *testing.T, z *zip.Writer, name, block string, n int) {
	t.Helper()
	var one, end bytes.Buffer
	w, err := flate.NewWriter(&one, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, block)
	err = errors.Join(err, w.Flush())
	w.Reset(&end)
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	sum := uint32(0)
	for range n {
		sum = crc32.Update(sum, crc32.IEEETable, []byte(block))
	}
	packed := bytes.Repeat(one.Bytes(), n)
	packed = append(packed, end.Bytes()...)
	out, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: sum,
		CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(n * len(block))})
	if err == nil {
		_, err = out.Write(packed)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// gzipped is a header and then a block n times, each as a member of a gzip.
func gzipped(header, block string, n int) string {
	return tabulartest.Gzip(header) + strings.Repeat(tabulartest.Gzip(block), n)
}

// workbookBomb is a workbook whose sheet unpacks to a gigabyte.
func workbookBomb(t *testing.T, workbook string) string {
	t.Helper()
	from, err := zip.NewReader(strings.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range from.File {
		if strings.HasSuffix(f.Name, "sheet1.xml") {
			addRepeated(t, z, f.Name, strings.Repeat("<row><c/></row>", 1<<16), 1<<10)
		} else if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// fhirPackage is a FHIR package of one resource.
func fhirPackage(t *testing.T, resource string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, content := range map[string]string{"package/package.json": `{"name":"a","version":"1","fhirVersions":["4.0.1"]}`, "package/cs.json": resource} {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
		if _, bad := io.WriteString(w, content); err != nil || bad != nil {
			t.Fatal(err, bad)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// tarHeader is the header of a file in a FHIR package.
func tarHeader(t *testing.T, size int64) string {
	t.Helper()
	var b bytes.Buffer
	if err := tar.NewWriter(&b).WriteHeader(&tar.Header{Name: "package/cs.json", Mode: 0o600, Size: size}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
