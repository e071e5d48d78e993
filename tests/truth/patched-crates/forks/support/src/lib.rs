pub fn supported() {}
