package main

import (
	"fmt"
	"strings"
)

// maps writes the rows to ICD-10 and ICPC-2. A line is a target alone, or
// "group/priority rule => target"; no target means that none is right.
func (e *edition) maps(c *concept) error {
	for _, m := range []struct {
		key, refset, module, time string
		part                      *part
		file                      string
	}{
		{"icd10", icd10Map, icd10Module, "20210131", &e.international, extendedMapFile},
		{"icd10-no", icd10Map, norwayModule, "20240415", &e.norwegian, extendedMapFile},
		{"icpc2", icpc2Map, norwayModule, "20240415", &e.norwegian, extendedMapFile},
	} {
		for _, line := range c.keys[m.key] {
			row, err := parseMapRow(line)
			if err != nil {
				return err
			}
			m.part.add(m.file, memberUUID(strings.Join([]string{m.refset, m.module, c.id, row.group, row.priority}, "|")),
				m.time, "1", m.module, m.refset, c.id, row.group, row.priority, row.rule, row.advice(), row.target,
				"447561005", row.category())
		}
	}
	return nil
}

// mapRow is what a row of an extended map says about its target.
type mapRow struct{ group, priority, rule, target string }

func parseMapRow(line string) (mapRow, error) {
	left, target, ok := strings.Cut(line, "=>")
	if !ok {
		return mapRow{"1", "1", "TRUE", line}, nil
	}
	head, rule, _ := strings.Cut(strings.TrimSpace(left), " ")
	if head == "TRUE" {
		head, rule = "1/1", "TRUE"
	}
	group, priority, ok := strings.Cut(head, "/")
	if !ok {
		return mapRow{}, fmt.Errorf("want group/priority rule => target, found %q", line)
	}
	return mapRow{group, priority, rule, strings.TrimSpace(target)}, nil
}

func (r mapRow) category() string {
	switch {
	case r.target == "":
		return "447638001" // cannot be classified with available data
	case strings.HasPrefix(r.rule, "IFA"):
		return "447639009" // context dependent
	}
	return "447637006" // properly classified
}

func (r mapRow) advice() string {
	condition := strings.ToUpper(r.rule)
	switch {
	case r.target == "":
		return "MAP SOURCE CONCEPT CANNOT BE CLASSIFIED WITH AVAILABLE DATA"
	case !strings.HasPrefix(r.rule, "IFA"):
		return "ALWAYS " + r.target
	case strings.Contains(condition, "AGE AT ONSET"):
		_, age, _ := strings.Cut(condition, "< ")
		return "IF AGE AT ONSET OF CLINICAL FINDING BEFORE " + age + " CHOOSE " + r.target +
			" | MAP OF SOURCE CONCEPT IS CONTEXT DEPENDENT"
	}
	_, name, _ := strings.Cut(condition, "|")
	name, _, _ = strings.Cut(name, "(")
	return "IF " + strings.TrimSpace(name) + " CHOOSE " + r.target + " | MAP OF SOURCE CONCEPT IS CONTEXT DEPENDENT"
}

// list writes the members of a reference set that is a plain list. A concept
// after a minus sign is a member no more.
func (e *edition) list(l list) error {
	p, module, time := &e.international, coreModule, "20200131"
	if l.norwegian {
		p, module, time = &e.norwegian, norwayModule, "20240415"
	}
	file, ok := map[string]string{"simple": simpleFile, "simplemap": simpleMapFile, "annotation": annotationFile}[l.kind]
	if !ok || e.byID[l.refset] == nil {
		return fmt.Errorf("reference set %s %s is not known", l.kind, l.refset)
	}
	for _, row := range l.rows {
		id, retired := strings.CutPrefix(row[0], "-")
		if e.byID[id] == nil {
			return fmt.Errorf("reference set %s: no concept %s", l.refset, id)
		}
		columns := []string{memberUUID(l.refset + id), time, flag01(!retired), module, l.refset, id}
		p.add(file, append(columns, row[1:]...)...)
	}
	return nil
}

// dependencies writes which module at which time needs which.
func (e *edition) dependencies() {
	for _, d := range []struct {
		part                       *part
		module, time, needs, since string
	}{
		{&e.international, coreModule, internationalTime, modelModule, internationalTime},
		{&e.international, icd10Module, internationalTime, coreModule, internationalTime},
		{&e.international, icd10Module, internationalTime, modelModule, internationalTime},
		{&e.norwegian, norwayModule, norTime, coreModule, internationalTime},
		{&e.norwegian, norwayModule, norTime, modelModule, internationalTime},
		{&e.norwegian, norwayModule, norTime, icd10Module, internationalTime},
	} {
		d.part.add(dependencyFile, memberUUID("needs"+d.module+d.needs), d.time, "1", d.module, moduleDependency,
			d.needs, d.time, d.since)
	}
}

// conceptModel writes the two MRCM reference sets from the table.
func (e *edition) conceptModel() error {
	for _, m := range conceptModelTable {
		if e.byID[m.attribute] == nil || e.byID[m.domain] == nil {
			return fmt.Errorf("concept model: no concept %s or %s", m.attribute, m.domain)
		}
		grouped, inGroup := "1", "0..1"
		if m.ungrouped {
			grouped, inGroup = "0", "0..0"
		}
		cardinality := "0..*"
		if m.ungrouped {
			cardinality = "0..1"
		}
		e.international.add(mrcmDomainFile, memberUUID("domain"+m.attribute+m.domain), "20250901", "1", modelModule,
			mrcmDomain, m.attribute, m.domain, grouped, cardinality, inGroup, "723597001", "723596005")
		rule := fmt.Sprintf("<< %s: [0..*] { [0..1] %s = %s }", e.named(m.domain), e.named(m.attribute), m.values)
		if m.ungrouped {
			rule = fmt.Sprintf("<< %s: [0..1] %s = %s", e.named(m.domain), e.named(m.attribute), m.values)
		}
		e.international.add(mrcmRangeFile, memberUUID("range"+m.attribute+m.domain), "20250901", "1", modelModule,
			mrcmRange, m.attribute, m.values, rule, "723597001", "723596005")
	}
	return nil
}

// named returns "id |name|", the form of concepts in constraints.
func (e *edition) named(id string) string {
	return fmt.Sprintf("%s |%s|", id, e.byID[id].fsn)
}
