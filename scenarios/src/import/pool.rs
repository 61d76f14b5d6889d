//! Objects that name one another, across files.

use super::Imported;
use super::object::Object;
use super::recognise::Product;

/// All objects at hand.
pub(super) struct Pool<'a> {
    files: &'a [Imported],
    /// The file that is looked at.
    own: usize,
}

impl<'a> Pool<'a> {
    pub(super) const fn new(files: &'a [Imported], own: usize) -> Self {
        Self { files, own }
    }

    /// The object of a kind and a name: of the own file, or else the only one of that name. Two of one name in other
    /// files are two deployments, and nobody can say which is meant.
    pub(super) fn find(&self, product: Product, kind: &str, name: &str) -> Option<&'a Object> {
        let fits = |object: &&Object| {
            object.product == product && object.kind == kind && object.name == name
        };
        let own = self.files[self.own].objects.iter().find(fits);
        own.or_else(|| {
            let mut all = self
                .files
                .iter()
                .flat_map(|file| &file.objects)
                .filter(fits);
            all.next().filter(|_| all.next().is_none())
        })
    }

    /// The objects of the file that is looked at.
    pub(super) fn own(&self) -> impl Iterator<Item = &'a Object> + use<'a> {
        self.files[self.own].objects.iter()
    }

    /// Every object of a product.
    pub(super) fn all(&self, product: Product) -> impl Iterator<Item = &'a Object> {
        let objects = self.files.iter().flat_map(|file| &file.objects);
        objects.filter(move |object| object.product == product)
    }
}
