#!/bin/sh
# Reads a question as a line of JSON and answers with a word, for as long as there are questions.
while IFS= read -r question; do
    case $question in
    *'"fires":true'*) echo rollback ;;
    *'"judgement":"breach"'* | *'"judgement":"hold"'*) echo hold ;;
    *) echo promote ;;
    esac
done
