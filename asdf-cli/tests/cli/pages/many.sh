cp night/a.asdf reference.asdf
