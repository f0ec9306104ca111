package main

import (
	"context"
	"io"

	codetable "github.com/kodeks/kodeks/pkg/codesystem/table"
)

// importCmd is kodeks import.
type importCmd struct {
	System         string   `short:"s" placeholder:"SYSTEM" help:"Code system of the files, when they do not tell: a short name such as icd-10, or a URI or OID."`
	ReleaseVersion string   `placeholder:"VERSION" help:"Version of the release, when the files do not tell."`
	VersionURI     string   `name:"version-uri" placeholder:"URI" help:"Version URI of a SNOMED CT edition: one of the versions of a Full, or what the files are when their modules do not tell."`
	Versions       string   `placeholder:"VERSIONS" help:"Versions of a SNOMED CT Full to install: all, latest (default), or dates such as 20240415,20251015. Those that are installed already are passed over."`
	Mapping        string   `placeholder:"FILE" help:"YAML file that says what the columns of a table mean, for tables that are not recognised: see --print-mapping."`
	PrintMapping   bool     `help:"Print a mapping with every key, explained, and import nothing."`
	Words          []string `placeholder:"FILE" help:"File of Norwegian words, one a line, that compounds may be made of beside the words of the release; may be repeated."`
	Definitions    bool     `help:"Search text definitions too, and not terms only."`
	Replace        bool     `help:"Replace the release when this version is already installed."`
	Paths          []string `arg:"" optional:"" name:"path" help:"Folders, zip files or files. Several packages of SNOMED CT form one edition; a Delta changes the Snapshot or Full beside it."`

	data   string    // --data
	format string    // --format
	out    io.Writer // for the answer
	report io.Writer // for progress
}

// Help is the end of kodeks import --help.
func (*importCmd) Help() string {
	return `A release is published last: an import that fails or is killed leaves what is installed as it was. Running servers take the new release into use by themselves.

Examples:

    kodeks import SnomedCT_InternationalRF2.zip SnomedCT_NO.zip
    kodeks import SnomedCT_InternationalRF2.zip SnomedCT_NO.zip --versions all
    kodeks import SnomedCT_InternationalRF2.zip SnomedCT_NO_Snapshot.zip SnomedCT_NO_Delta.zip
    kodeks import icd10.json icpc2.json --release-version 2026
    kodeks import "Norsk Laboratoriekodeverk 7280.77.xlsx" --release-version 7280.77
    kodeks import SimpleTabulation-ICD-11-MMS-en.zip icd102019en.xml icd10cm-order-2026.txt.gz
    kodeks import en_product1.xml orphanet-classifications/    # disorders, and their hierarchy
    kodeks import prosedyrekoder.xlsx --system nkpk --release-version 2026
    kodeks import Loinc_2.81.zip volven/ fest251.xml
    kodeks import hl7.fhir.no.basis-2.2.2.tgz valueset.json
    kodeks import icpc2/ --system icpc-2 --data /srv/kodeks
    kodeks import --print-mapping > columns.yaml
    kodeks import codes.xlsx --mapping columns.yaml`
}

// Run imports the releases.
func (c *importCmd) Run(ctx context.Context, a *app) error {
	if c.PrintMapping {
		_, err := io.WriteString(a.out, codetable.Help)
		return err
	}
	if len(c.Paths) == 0 {
		return usage("nothing to import: name a folder, a zip or a file")
	}
	if err := a.local("import"); err != nil {
		return err
	}
	cmd := *c
	cmd.data, cmd.format, cmd.out, cmd.report = a.Data, a.Format, a.out, a.stderr
	return runImport(ctx, cmd)
}
