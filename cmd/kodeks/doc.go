// Command kodeks imports releases of code systems, serves them, and asks them from
// the command line.
//
//	kodeks import PATH...     install a release
//	kodeks serve              serve FHIR over HTTP, and gRPC
//	kodeks lookup CODE...     ask, as do search, subsumes, translate,
//	                          validate-code, expand and list
//	kodeks ecl eval, ...      work with expression constraints of SNOMED CT
//	kodeks expression check   work with its postcoordinated expressions
//	kodeks maps, maps check   list and check maps
//	kodeks verify, reindex,   look after what is installed
//	remove
//
// Its promise to scripts: exit status 0 for an answer (also "no such code"), 2 for
// wrong use, 1 when it could not answer. With --format tsv, one header line and
// then a row a result, the code in the first column and its display in the second
// where results are codes;
// with --format json, the answer as the message of kodeks.v1, one after the other
// when several codes are asked for. What a person reads as a table may change.
//
// The command knows flags, terminals and how to wire the building. What an answer
// is belongs to package operation; the same messages are answered over gRPC, so
// that --server gives what --data gives.
//
// main.go runs, cli.go has the flags of all commands, and then there is one file a
// command, for kodeks ecl several: ecl.go, eclcmd.go and eclcmd_*.go. answer.go
// writes answers in each format, by table.go, card.go (with cardterms.go and
// cardproperties.go) and screen.go. system.go finds the code system of a code.
// failure.go has exit statuses and next steps. open.go wires the building.
package main
