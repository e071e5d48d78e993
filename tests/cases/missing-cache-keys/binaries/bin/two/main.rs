mod part;
