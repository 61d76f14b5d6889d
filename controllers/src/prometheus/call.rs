//! Reads what stands in parentheses: calls of functions, summaries and their labels.

use super::ast::{Aggregate, Expr, Function, Kind, Summary, Type};
use super::cursor::{Parsed, Parser};
use super::lex::Token;

impl Parser<'_> {
    pub(super) fn label_list(&mut self) -> Parsed<Vec<String>> {
        self.expect("(")?;
        let mut labels = Vec::new();
        while !self.eat(")") {
            match self.take().token {
                Token::Word(label) | Token::Text(label) => labels.push(label),
                _ => {
                    return Err(self.before("a label"));
                }
            }
            if !self.is(")") {
                self.comma()?;
            }
        }
        Ok(labels)
    }

    fn comma(&mut self) -> Parsed<()> {
        if self.eat(",") {
            return Ok(());
        }
        Err(self.unexpected("`,` or `)`"))
    }

    fn grouping(&mut self) -> Parsed<Option<(bool, Vec<String>)>> {
        let without = self.is_word("without");
        if !without && !self.is_word("by") {
            return Ok(None);
        }
        self.take();
        Ok(Some((without, self.label_list()?)))
    }

    pub(super) fn aggregate(&mut self, op: Summary, start: usize) -> Parsed<Expr> {
        let before = self.grouping()?;
        let mut arguments = self.arguments()?;
        let after = match before {
            None => self.grouping()?,
            before => before,
        };
        let (without, labels) = after.unwrap_or_default();
        let wanted = if op == Summary::Quantile { 2 } else { 1 };
        if arguments.len() != wanted {
            return self.wrong(start, format!("this takes {wanted} in its parentheses"));
        }
        let inner = arguments.pop().expect("there is at least one");
        self.wants(&inner, Type::Vector)?;
        let parameter = arguments.pop();
        if let Some(parameter) = &parameter {
            self.wants(parameter, Type::Scalar)?;
        }
        let aggregate = Aggregate {
            op,
            parameter,
            without,
            labels,
            inner,
        };
        Ok(self.placed(start, Kind::Aggregate(Box::new(aggregate))))
    }

    fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        self.expect("(")?;
        let mut arguments = Vec::new();
        while !self.eat(")") {
            arguments.push(self.deeper(|parser| parser.expression(1))?);
            if !self.is(")") {
                self.comma()?;
                if self.is(")") {
                    return Err(self.unexpected("an argument"));
                }
            }
        }
        Ok(arguments)
    }

    pub(super) fn call(&mut self, function: Function, start: usize) -> Parsed<Expr> {
        let arguments = self.arguments()?;
        let signature = function.signature();
        let takes = signature.takes;
        if arguments.len() < signature.least || arguments.len() > takes.len() {
            let (name, least) = (signature.name, signature.least);
            let message = format!("`{name}` takes {least} arguments, not {}", arguments.len());
            return self.wrong(start, message);
        }
        for (argument, wanted) in arguments.iter().zip(takes) {
            self.wants(argument, *wanted)?;
        }
        Ok(self.placed(start, Kind::Call(function, arguments)))
    }

    fn wants(&self, expr: &Expr, wanted: Type) -> Parsed<()> {
        let given = expr.gives();
        if given == wanted {
            return Ok(());
        }
        let named = |kind| match kind {
            Type::Scalar => "a number",
            Type::Vector => "an instant vector",
            Type::Window => "a window such as `[5m]`",
        };
        let message = format!("expected {}, found {}", named(wanted), named(given));
        self.wrong(expr.span.start, message)
    }
}
