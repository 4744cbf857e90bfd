// Tells what is wrong with expressions of PromQL, by the parser of Prometheus itself: reads a JSON list of them and writes
// one of faults, empty where there is none.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/prometheus/prometheus/promql/parser"
)

func run() error {
	var expressions []string
	if err := json.NewDecoder(os.Stdin).Decode(&expressions); err != nil {
		return err
	}
	faults := make([]string, len(expressions))
	for i, expression := range expressions {
		if _, err := parser.ParseExpr(expression); err != nil {
			faults[i] = err.Error()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(faults)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
