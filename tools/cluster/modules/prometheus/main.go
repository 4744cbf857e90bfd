// Tells what Prometheus itself says of expressions: reads a JSON list of cases on standard input and writes one of answers. Without
// series it is told what is wrong with an expression; with series it is evaluated on them, once a minute, and an alert fires when it has
// had a value for as long as its rule says.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
)

const step = time.Minute

type testCase struct {
	Expr string `json:"expr"`
	// How long it must hold, as in a rule; at once when empty.
	For string `json:"for"`
	// Series in the notation of Prometheus, one a line, a value a minute. None: the expression is only read.
	Series  string `json:"series"`
	Minutes int    `json:"minutes"`
}

type answer struct {
	Fault string `json:"fault,omitempty"`
	// Labels of each alert that fires, as text.
	Firing []string `json:"firing"`
}

func firing(one testCase) ([]string, error) {
	if one.Series == "" {
		_, err := parser.ParseExpr(one.Expr)
		return []string{}, err
	}
	hold := time.Duration(0)
	if one.For != "" {
		parsed, err := model.ParseDuration(one.For)
		if err != nil {
			return nil, err
		}
		hold = time.Duration(parsed)
	}
	loader, err := promqltest.NewLazyLoader("load 1m\n"+one.Series+"\n", promqltest.LazyLoaderOpts{
		EnableAtModifier: true, EnableNegativeOffset: true,
	})
	if err != nil {
		return nil, err
	}
	defer loader.Close()
	since := map[string]time.Time{}
	seen := map[string]bool{}
	found := []string{}
	for minute := 0; minute <= one.Minutes; minute++ {
		at := time.Unix(0, 0).UTC().Add(time.Duration(minute) * step)
		loader.WithSamplesTill(at, func(fault error) { err = fault })
		if err != nil {
			return nil, err
		}
		query, err := loader.QueryEngine().NewInstantQuery(context.Background(), loader.Queryable(), nil, one.Expr, at)
		if err != nil {
			return nil, err
		}
		vector, err := query.Exec(context.Background()).Vector()
		if err != nil {
			return nil, err
		}
		now := map[string]time.Time{}
		for _, sample := range vector {
			labels := sample.Metric.String()
			begin, known := since[labels]
			if !known {
				begin = at
			}
			now[labels] = begin
			if at.Sub(begin) >= hold && !seen[labels] {
				seen[labels] = true
				found = append(found, labels)
			}
		}
		since = now
	}
	return found, nil
}

func run() error {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		return err
	}
	answers := make([]answer, len(cases))
	for i, one := range cases {
		found, err := firing(one)
		answers[i] = answer{Firing: found}
		if err != nil {
			answers[i] = answer{Fault: err.Error(), Firing: []string{}}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
