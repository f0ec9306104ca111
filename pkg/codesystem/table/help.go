package table

// Help is a mapping with every key, and what each means.
const Help = `# What the table holds. Only uri, name, code and display must be there.
system:
  uri: urn:oid:2.16.578.1.12.4.1.1.9999   # one that Kodeks knows brings name, title and aliases with it
  name: lokal-prosedyre                   # of its releases; letters, digits, "-" and "."
  title: Lokale prosedyrer
  short: [lokpros]                        # names to type after --system
  aliases: [2.16.578.1.12.4.1.1.9998, http://example.org/prosedyre]
  version: "2026"                         # --release-version goes before it
  language: nb                            # of display (default nb)
  case-sensitive: false
  properties: {copyright: Helse Eksempel} # said of every code

# How the file is written. What is not said is found out.
file:
  sheet: Koder                            # of a workbook (default: the first sheet that has the columns)
  delimiter: ";"                          # or tab
  encoding: windows-1252                  # or utf-8, iso-8859-1
  decimal: ","                            # or "."
  dates: dd.mm.yyyy                       # also yyyy-mm-dd, yyyymmdd, dd/mm/yyyy, mm/dd/yyyy, or excel for day numbers

# A column by its name, or a list of the names that it has in files of different years.
columns:
  code: [Kode, Kodeverdi]
  # axis: Akse                            # where codes are unique on an axis only: the code becomes axis:code
  display: Tekst
  designations:
    - {column: Kort, use: short}
    - {column: Nynorsk, language: nn, use: display}
    - {column: Synonymer, use: synonym, separator: ";"}
    - {column: Forklaring, use: definition}
  parent:
    code: Overordnet                      # a column with the code above; or
    # row: Overordnet_id                  # a column with the row above,
    # id: Id                              # by the number in this column; or
    # prefix: [1, 3, 5]                   # the code above is as many characters as one of these
    missing: error                        # keep: a parent that is not in the file becomes a property
  properties:
    - {column: Pris, name: price, type: decimal}   # string, integer, decimal, boolean, date, code
    - {column: Kategori, name: category, separator: ","}
  valid-from: Gyldig fra
  valid-to: Gyldig til                    # the last day
  status: {column: Status, values: [Utgått, "0"]}  # values that mean inactive
  abstract: {column: Overskrift}          # no values: yes or no, in words of Norwegian or English
  replaced-by: Erstattes av
  sort-order: Rekkefølge
  ignore: [Merknad internt]

# In the place of system, when a column tells which of several the row is of:
# systems:
#   column: Kodeverk
#   list:
#     - {value: NCSP, uri: urn:oid:2.16.578.1.12.4.1.1.7210, name: ncsp}
#     - {value: [NCMP, MED], uri: urn:oid:2.16.578.1.12.4.1.1.7220, name: ncmp}

# In the place of system and columns, when the table is a map between code systems. Known
# ones by any of their names; their codes may be written in any form of theirs:
# map:
#   url: http://example.org/fhir/ConceptMap/lokal-icd-10
#   name: map-lokal-icd-10
#   title: Lokale diagnoser til ICD-10
#   version: "2026"
#   language: nb                          # of display (default nb)
#   source: urn:oid:2.16.578.1.12.4.1.1.9999
#   target: icd-10
#   columns:
#     source: Lokal kode
#     target: ICD-10                      # empty: there is no target
#     display: Tekst                      # of the target
#     relationship:                       # words of FHIR, or those given here
#       column: Forhold
#       values: {equivalent: ["=", lik], source-is-narrower-than-target: [videre]}
#       default: related-to
#     group: Gruppe                       # targets of different groups go together
#     priority: Prioritet                 # within a group, the first whose rule is true
#     rule: Regel                         # as in maps of SNOMED CT: IFA 248152002 | Female (finding) |
#     advice: Merknad
#     depends-on:
#       - {column: Avdeling, property: http://example.org/avdeling}
#     products:
#       - {column: Tilleggskode, property: http://example.org/tillegg, system: "http://hl7.org/fhir/sid/icd-10-no"}
`
