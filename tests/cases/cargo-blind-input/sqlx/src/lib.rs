pub async fn count(pool: &sqlx::PgPool) -> i64 {
    sqlx::query_scalar!("select count(*) from t").fetch_one(pool).await.unwrap()
}
